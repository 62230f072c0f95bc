namespace GenCluster.Training.Metering;

/// <summary>What a step spends its time on.</summary>
internal enum StepPhase
{
    /// <summary>Reading samples, and all that comes before.</summary>
    Data,

    /// <summary>Computing losses.</summary>
    Forward,

    /// <summary>Computing gradients, and adding them up over this member's shards.</summary>
    Backward,

    /// <summary>Exchanging gradients and waiting for others.</summary>
    AllReduce,

    /// <summary>Applying them.</summary>
    Optim,
}
