using GenCluster.Core.Parameters;
using MessagePack;

namespace GenCluster.Core.Sweeps;

/// <summary>How trials are proposed.</summary>
/// <param name="MaxTrials">Configurations in all; replacements of a population's members do not count.</param>
/// <param name="ParallelTrials">Trials that run or wait for workers at a time; one that waits at a milestone does not count.</param>
/// <param name="Options">The algorithm's options that are not at their defaults.</param>
/// <param name="SeedTrials">Configurations to try first; what one leaves open is drawn at random.</param>
[MessagePackObject]
public sealed record SearchSpec(
    [property: Key(0)] string Algorithm,
    [property: Key(1)] int MaxTrials,
    [property: Key(2)] int ParallelTrials,
    Assignment? Options = null,
    Assignment[]? SeedTrials = null)
{
    // Missing values of an old journal are read as null, whatever a constructor's default says.
    [Key(3)]
    public Assignment Options { get; init; } = Options ?? Assignment.Empty;

    [Key(4)]
    public Assignment[] SeedTrials { get; init; } = SeedTrials ?? [];

    public bool Equals(SearchSpec? other) =>
        other is not null && (Algorithm, MaxTrials, ParallelTrials) == (other.Algorithm, other.MaxTrials, other.ParallelTrials)
        && Options.Equals(other.Options) && SeedTrials.AsSpan().SequenceEqual(other.SeedTrials);

    public override int GetHashCode() => HashCode.Combine(Algorithm, MaxTrials, ParallelTrials, Options, SeedTrials.Length);
}

/// <summary>When trials end before their last step.</summary>
/// <param name="Type">A scheduler of the catalogue, e.g. <c>asha</c>.</param>
/// <param name="Options">Its options that are not at their defaults.</param>
[MessagePackObject]
public sealed record EarlyStoppingSpec([property: Key(0)] string Type, [property: Key(1)] Assignment Options);

/// <summary>What is taken over from another sweep of the same journal.</summary>
/// <param name="Top">So many of its best trials are evidence for the search.</param>
/// <param name="Weights">Whether trials begin with the weights of its best trial.</param>
[MessagePackObject]
public sealed record WarmStartSpec([property: Key(0)] string Sweep, [property: Key(1)] int Top, [property: Key(2)] bool Weights = false);

/// <summary>What besides the objective makes one trial better than another.</summary>
/// <param name="Others">Further objectives; with one or more there is no best trial but a Pareto front.</param>
/// <param name="Constraints">What must hold of a trial's metrics, e.g. <c>fid &lt;= 40</c>; one that is not met makes the trial worse than any that meets all.</param>
[MessagePackObject]
public sealed record ComparisonSpec([property: Key(0)] ObjectiveSpec[] Others, [property: Key(1)] Predicate[] Constraints)
{
    public static readonly ComparisonSpec None = new([], []);

    public bool Equals(ComparisonSpec? other) =>
        other is not null && Others.AsSpan().SequenceEqual(other.Others) && Constraints.AsSpan().SequenceEqual(other.Constraints);

    public override int GetHashCode() => HashCode.Combine(Others.Length, Constraints.Length);
}
