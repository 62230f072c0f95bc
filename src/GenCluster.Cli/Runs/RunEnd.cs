using GenCluster.Core.Sweeps;

namespace GenCluster.Cli.Runs;

/// <summary>How a run on this machine ended.</summary>
public abstract record RunEnd
{
    /// <summary>The sweep ended or halted.</summary>
    /// <param name="Before">It had ended before this run began.</param>
    public sealed record Ended(SweepView View, bool Before) : RunEnd;

    /// <summary>The coordinator did not take the sweep.</summary>
    public sealed record Refused(string Reason) : RunEnd;

    /// <summary>A signal came.</summary>
    public sealed record Interrupted : RunEnd;

    /// <summary>The run cannot go on; what is in the journal stays.</summary>
    public sealed record Broken(string Reason) : RunEnd;
}
