using GenCluster.Core.Trials;

namespace GenCluster.Training.Loop;

/// <summary>A trial cannot go on. The message is one sentence for people.</summary>
public sealed class TrainingFailedException(FailureClass failure, string message, Exception? inner = null) : Exception(message, inner)
{
    public FailureClass Failure { get; } = failure;
}
