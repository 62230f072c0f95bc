namespace GenCluster.Search.Sampling.Knowledge;

/// <summary>What became of a configuration, from good to bad.</summary>
internal enum Standing
{
    Complete,
    Pruned,

    /// <summary>It was measured, but what must hold of its metrics does not.</summary>
    Infeasible,

    /// <summary>It has no value that is a number, for reasons of its own: losing its worker is none.</summary>
    Failed,

    /// <summary>Not known yet.</summary>
    Running,
}

/// <summary>A configuration and what is known of it.</summary>
/// <param name="Point">Its coordinates (<see cref="Axes"/>).</param>
/// <param name="Losses">One for each objective, less is better; empty when it failed or runs.</param>
/// <param name="Step">The last step that was evaluated.</param>
/// <param name="Violations">How many constraints on metrics do not hold.</param>
internal sealed record Observation(double[] Point, Standing Standing, double[] Losses, int Step = 0, int Violations = 0)
{
    public bool HasLosses => Losses.Length > 0;
}
