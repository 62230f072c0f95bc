namespace GenCluster.Training.Loop;

/// <summary>
/// What all members do together: each computes vectors for its shards, and the sum over all shards changes the state, on
/// every member alike.
/// </summary>
internal interface IOperation
{
    /// <summary>The phase of its vectors in the layout.</summary>
    int Phase { get; }

    /// <summary>Remembers the state that every shard starts from.</summary>
    void Begin();

    /// <summary>Whether its gradients may be summed while others are still computed.</summary>
    bool MayOverlap { get; }

    /// <summary>Leaves a shard's vector in slot 0.</summary>
    /// <param name="overlap">Hears of gradients as they become complete; null: nobody does.</param>
    void Compute(int shard, Votes votes, BackwardOverlap? overlap = null);

    /// <summary>Puts the state back to where <see cref="Begin"/> found it: shards change it.</summary>
    void Undo();

    /// <summary>Applies the sum in slot 0 to the state that <see cref="Begin"/> found, and moves on.</summary>
    /// <returns>The step's result, if a step is finished with it.</returns>
    /// <exception cref="TrainingFailedException">The sum is not finite.</exception>
    StepResult? Apply();
}
