using System.Runtime.InteropServices;
using GenCluster.Core.Trials;
using GenCluster.Training.Data;
using GenCluster.Training.Loop;
using GenCluster.Training.Runner;

namespace GenCluster.Training.Tests.Runner;

public sealed class FailuresTests
{
    public static TheoryData<Exception, FailureClass, string> Cases => new()
    {
        { new TrainingFailedException(FailureClass.NonFinite, "it exploded"), FailureClass.NonFinite, "it exploded" },
        { new DataException("the file is short"), FailureClass.Hardware, "the file is short" },
        { new IOException("No space left on device : '/runs/a'"), FailureClass.Hardware, "No space left on device : '/runs/a'" },
        { new UnauthorizedAccessException("Access to the path '/runs' is denied."), FailureClass.Hardware, "Access to the path '/runs' is denied." },
        { new ExternalException("mat1 and mat2 shapes cannot be multiplied\n  at a\n  at b"), FailureClass.UserError, "the model does not compute: mat1 and mat2 shapes cannot be multiplied" },
        {
            new ExternalException("[enforce fail at alloc_cpu.cpp:124] DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes"),
            FailureClass.OutOfMemory,
            "the device has too little memory ([enforce fail at alloc_cpu.cpp:124] DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes); "
            + "use a smaller training.batchSize, more training.shards or a smaller model"
        },
        { new InvalidOperationException("a bug"), FailureClass.UserError, "InvalidOperationException: a bug" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_failure_has_a_class_and_one_sentence(Exception exception, FailureClass failure, string message)
    {
        var broken = Failures.Classify(exception);

        (broken.Failure, broken.Message).ShouldBe((failure, message));
    }
}
