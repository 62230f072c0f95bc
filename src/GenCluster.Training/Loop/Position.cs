namespace GenCluster.Training.Loop;

/// <summary>
/// How far a training is: steps that are finished, and operations of the coming one. Operation 0 is the evaluation of
/// the weights as they are, where one is due; the others are the step's updates, from 1 on. All members of a gang go
/// through the same operations in the same order, so two that are at the same position have the same state.
/// </summary>
public readonly record struct Position(int Step, int Operation)
{
    /// <summary>Room for the operations of one step when a position is one number: all updates, the evaluation and the end.</summary>
    private const int Stride = StepPlan.MaxUpdates + 2;

    /// <summary>The position as one number that rises with every operation: what the frames of a sum are stamped with.</summary>
    public long Ordinal => ((long)Step * Stride) + Operation;

    /// <summary>The position with this <see cref="Ordinal"/>.</summary>
    public static Position Of(long ordinal) => new(checked((int)(ordinal / Stride)), (int)(ordinal % Stride));

    /// <inheritdoc/>
    public override string ToString() => $"{Step}.{Operation}";
}
