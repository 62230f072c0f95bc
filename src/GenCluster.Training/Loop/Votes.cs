namespace GenCluster.Training.Loop;

/// <summary>
/// What members ask of the gang. A vote travels with the gradients, and whoever's it was, all members hear it after the
/// same step.
/// </summary>
[Flags]
public enum Votes
{
    None = 0,

    /// <summary>Stop, with a checkpoint.</summary>
    Drain = 1,

    /// <summary>Another gang takes over after the step.</summary>
    Change = 2,
}
