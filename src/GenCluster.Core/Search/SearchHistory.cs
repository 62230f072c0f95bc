using System.Collections.Immutable;
using GenCluster.Core.Parameters;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Trials;

namespace GenCluster.Core.Search;

/// <summary>
/// What a search may know: the space, what is wanted, and all trials so far, finished, paused and running, with what they
/// reported in the order in which it came.
/// </summary>
public sealed record SearchHistory(ParameterSpace Space, ObjectiveSpec Objective, IReadOnlyList<TrialRecord> Trials)
{
    /// <summary>The sampler's options, each of those in <see cref="SearchCatalogue"/> that has no value here is at its default.</summary>
    public Assignment Options { get; init; } = Assignment.Empty;

    /// <summary>The scheduler's options, likewise.</summary>
    public Assignment StoppingOptions { get; init; } = Assignment.Empty;

    /// <summary>Further objectives, and what must hold of the metrics of a trial that counts.</summary>
    public ComparisonSpec Comparison { get; init; } = ComparisonSpec.None;

    /// <summary>All evaluations of all trials in the order of their arrival; one for each trial and step.</summary>
    public IReadOnlyList<TrialReport> Reports { get; init; } = [];

    /// <summary>Configurations of an earlier sweep and how good they were; they are evidence and no trials.</summary>
    public IReadOnlyList<Evidence> Evidence { get; init; } = [];

    /// <summary>Configurations to propose before all others; what one leaves open is drawn at random.</summary>
    public IReadOnlyList<Assignment> SeedTrials { get; init; } = [];

    /// <summary>Steps of a trial that is trained to its end.</summary>
    public int Steps { get; init; } = 1;

    /// <summary>Steps from one evaluation to the next. Milestones and rungs lie on multiples of it, and at the end.</summary>
    public int EvaluateEvery { get; init; } = 1;

    /// <summary>
    /// Configurations that the sweep may propose in all, replacements not counted. When its sampler has none left, or it begins
    /// no more trials, this is how many there are: schedulers that wait for the others of a group count on it.
    /// </summary>
    public int MaxTrials { get; init; } = 1;

    /// <summary>Configurations that the sweep was to propose in all, whatever became of that: rules that derive rungs from it keep them.</summary>
    public int PlannedTrials { get => field > 0 ? field : MaxTrials; init; }

    /// <summary>Trials that the search proposed; the replacements of a population are none.</summary>
    public int Proposed { get => field >= 0 ? field : Trials.Count(t => t.Replaces is null); init; } = -1;

    /// <summary>Of the specification in force, as <see cref="TrialRecord.Version"/> counts: an edit may have changed the space. 0: not known.</summary>
    public int Version { get; init; }

    /// <summary>The number the next proposed trial will have. Trials come in the order of their numbers.</summary>
    public int NextNumber => Trials.Count == 0 ? 1 : Trials[^1].Number + 1;

    /// <summary>The objective and the further ones, the objective first.</summary>
    public ImmutableArray<ObjectiveSpec> Objectives => [Objective, .. Comparison.Others];
}

/// <summary>An evaluation of a trial.</summary>
public sealed record TrialReport(int Number, MetricReport Report)
{
    public int Step => Report.Step;

    /// <summary>The value of a metric; not a number when it was not reported.</summary>
    public double Value(ObjectiveSpec objective) => Report.Find(objective.Metric) ?? double.NaN;
}

/// <summary>What is known of a configuration from elsewhere.</summary>
/// <param name="Values">One value for each objective, in order.</param>
public sealed record Evidence(Assignment Assignment, IReadOnlyList<double> Values);
