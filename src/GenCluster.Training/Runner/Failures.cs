using System.Runtime.InteropServices;
using GenCluster.Collectives.Gangs;
using GenCluster.Core.Training;
using GenCluster.Core.Trials;
using GenCluster.Training.Data;
using GenCluster.Training.Loop;
using GenCluster.Training.Native;

namespace GenCluster.Training.Runner;

/// <summary>Which class of failure an exception is, and its one sentence.</summary>
internal static class Failures
{
    private static readonly string[] MemoryWords = ["out of memory", "can't allocate memory", "cannot allocate memory", "not enough memory"];

    public static RunOutcome.Broken Classify(Exception exception) => exception switch
    {
        TrainingFailedException failed => new(failed.Failure, failed.Message),
        GangBrokenException broken => new(FailureClass.Lost, broken.Message),
        DataException data => new(FailureClass.Hardware, data.Message), // mended on the disk, not in the trial
        NativeTorchException native => new(FailureClass.Hardware, native.Message),
        OutOfMemoryException => OutOfMemory("this process cannot have more memory"),
        ExternalException torch when MemoryWords.Any(word => torch.Message.Contains(word, StringComparison.OrdinalIgnoreCase)) => OutOfMemory(FirstLine(torch)),
        ExternalException torch => new(FailureClass.UserError, $"the model does not compute: {FirstLine(torch)}"),
        IOException or UnauthorizedAccessException => new(FailureClass.Hardware, FirstLine(exception)),
        ArgumentException or NotSupportedException => new(FailureClass.UserError, FirstLine(exception)),
        _ => new(FailureClass.UserError, $"{exception.GetType().Name}: {FirstLine(exception)}"),
    };

    private static RunOutcome.Broken OutOfMemory(string cause) =>
        new(FailureClass.OutOfMemory, $"the device has too little memory ({cause}); use a smaller training.batchSize, more training.shards or a smaller model");

    // libtorch's messages go on with its own stack.
    private static string FirstLine(Exception exception) => exception.Message.Split('\n', 2)[0].Trim();
}
