using GenCluster.Core.Training;
using GenCluster.Core.Trials;

namespace GenCluster.Worker.Programs;

/// <summary>What the end of a program that nobody asked to end means.</summary>
internal static class ExitVerdict
{
    public const int WrongInput = 42, TryAgain = 75;

    private const int Signal = 128;
    private const int Aborted = 6, BusError = 7, SegmentationFault = 11;

    private static readonly string[] MemoryWords = ["CUDA out of memory", "OutOfMemoryError", "MemoryError", "std::bad_alloc", "Cannot allocate memory"];

    /// <param name="code">Its exit code, or 128 and the signal that killed it.</param>
    /// <param name="sawMemoryKill">The kernel killed something of this machine for want of memory meanwhile.</param>
    /// <param name="madeProgress">There was a report since it was started.</param>
    /// <param name="hasObjective">There was a value of the objective, in this attempt or before.</param>
    /// <param name="lastLines">The end of its output; empty when there was none.</param>
    /// <returns>Null when it did what it was to do.</returns>
    public static RunOutcome.Broken? Of(int code, bool sawMemoryKill, bool madeProgress, bool hasObjective, string objective, string lastLines)
    {
        string said = lastLines.Length > 0 ? $"; it said last: {lastLines}" : "; it said nothing";
        return code switch
        {
            0 when hasObjective => null,
            0 => new(FailureClass.UserError, $"the program ended well without a value of '{objective}'; write it as a line of JSON, such as {{\"{objective}\": 0.5}}, or as {objective}=0.5{said}"),
            WrongInput => new(FailureClass.UserError, $"the program says that its input is wrong (exit code {code}){said}"),
            TryAgain => new(madeProgress ? FailureClass.Preempted : FailureClass.Lost, $"the program asks to be started again (exit code {code}){said}"),
            Signal + Posix.Kill when sawMemoryKill => new(FailureClass.OutOfMemory, $"the program was killed because the machine had no memory left{said}"),
            Signal + Posix.Kill => new(FailureClass.Lost, $"the program was killed by SIGKILL, and not by us{said}"),
            Signal + Posix.Terminate => new(FailureClass.UserError, $"the program was ended by a SIGTERM that is not ours{said}"),
            Signal + Aborted or Signal + BusError or Signal + SegmentationFault => new(FailureClass.UserError, $"the program crashed (signal {code - Signal}){said}"),
            Guard.CannotStart => new(FailureClass.UserError, lastLines.Length > 0 ? lastLines : "the program cannot be started"),
            _ when MemoryWords.Any(word => lastLines.Contains(word, StringComparison.OrdinalIgnoreCase)) => new(FailureClass.OutOfMemory, $"the program ended with exit code {code} for want of memory{said}"),
            _ => new(FailureClass.UserError, $"the program ended with exit code {code}{said}"),
        };
    }
}
