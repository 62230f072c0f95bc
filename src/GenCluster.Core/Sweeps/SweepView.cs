using GenCluster.Core.Identity;
using GenCluster.Core.Parameters;
using GenCluster.Core.Training;
using GenCluster.Core.Trials;
using GenCluster.Core.Workers;

namespace GenCluster.Core.Sweeps;

/// <summary>A sweep as people watch it: its durable state and the latest telemetry, at one moment. Never persisted.</summary>
/// <param name="Trials">By number.</param>
/// <param name="Workers">All workers the coordinator knows, by name.</param>
/// <param name="Picture">The newest generated samples, or null.</param>
/// <param name="Notices">Warnings so far, oldest first; at most the last 100.</param>
public sealed record SweepView(
    SweepSpec Spec,
    SweepPhase Phase,
    string? HaltReason,
    IReadOnlyList<TrialView> Trials,
    IReadOnlyList<WorkerView> Workers,
    LabelledPicture? Picture,
    IReadOnlyList<string> Notices)
{
    /// <summary>Whether nothing more happens by itself.</summary>
    public bool HasEnded => Phase is SweepPhase.Halted or SweepPhase.Succeeded or SweepPhase.Failed or SweepPhase.Cancelled;

    /// <summary>Why it ends, or ended, before all was done; null when it does not.</summary>
    public string? EndReason { get; init; }

    /// <summary>Of the specification; the one that was submitted is 1.</summary>
    public int Version { get; init; } = 1;

    /// <summary>The objective of untrained weights, once a trial has measured it.</summary>
    public double? Untrained => Trials.Select(t => t.Untrained).FirstOrDefault(u => u is not null);

    /// <summary>Trials from the best to the worst, those at work by what they have reached; equals by number.</summary>
    public IReadOnlyList<TrialView> Leaderboard()
    {
        var ordering = new TrialOrdering(Spec);
        return ordering.Sort(Trials, t => ordering.Standing(t.Number, t.Phase, name => t.Find(name) ?? (name == Spec.Objective.Metric ? t.Objective : null)));
    }
}

/// <summary>A trial as people watch it.</summary>
/// <param name="Step">The last step heard of; lossy while running, exact at the end.</param>
/// <param name="Objective">At the last evaluation; null before the first.</param>
/// <param name="Untrained">The objective at step 0.</param>
/// <param name="Losses">The latest, lossy.</param>
/// <param name="Gang">Who runs it now.</param>
/// <param name="Attempts">Gangs placed so far; one that changed is still the same attempt.</param>
/// <param name="Message">Why it ended, or why its gang was lost or changed the last time.</param>
public sealed record TrialView(
    int Number,
    TrialPhase Phase,
    Assignment Assignment,
    int Step,
    int Steps,
    double StepsPerSecond,
    double? Objective,
    double? Untrained,
    IReadOnlyList<Metric> Losses,
    IReadOnlyList<WorkerId> Gang,
    long Attempts,
    string WeightsSha256,
    string Message)
{
    /// <summary>The step that <see cref="Objective"/> was measured at; null before the first evaluation.</summary>
    public int? EvaluatedStep { get; init; }

    /// <summary>All metrics of the last evaluation; none before the first.</summary>
    public IReadOnlyList<Metric> Measured { get; init; } = [];

    /// <summary>The milestone it trains to, or waits at; null when it has none.</summary>
    public int? Until { get; init; }

    /// <summary>The trial that it took its weights from when it began; null: it began anew.</summary>
    public int? Parent { get; init; }

    /// <summary>Time that workers were at work for it, added up over all of them, until <see cref="DeviceSecondsAt"/>.</summary>
    public double DeviceSeconds { get; init; }

    /// <summary>Milliseconds since 1970, UTC.</summary>
    public long DeviceSecondsAt { get; init; }

    /// <summary>What failed the last time, or ended it; null when nothing did.</summary>
    public FailureClass? LastCause { get; init; }

    /// <summary>Restarts that failures of its own doing used up, of those in <c>budget.maxRestarts</c>.</summary>
    public int Restarts { get; init; }

    /// <summary>How long it waits before it is tried again; zero when it does not.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>Why it has no gang yet; null when it has one, or does not ask for one.</summary>
    public string? Waiting { get; init; }

    /// <summary>The value of a metric at the last evaluation; null when there is none.</summary>
    public double? Find(string metric)
    {
        foreach (var measured in Measured)
        {
            if (measured.Name == metric)
                return measured.Value;
        }

        return null;
    }

    /// <summary>Of the lease in force; it rises at every change of the gang.</summary>
    public long Epoch { get; init; }

    /// <summary>The gang in order, then those who join it.</summary>
    public IReadOnlyList<MemberView> Members { get; init; } = [];
}

/// <summary>A member of a trial's gang as people watch it.</summary>
/// <param name="Shards">How many of each batch it computes; 0 for one that joins.</param>
/// <param name="Measure">What it measured of itself last; null when unknown.</param>
public sealed record MemberView(WorkerId Worker, int Shards, bool Joins, MemberMeasure? Measure);

/// <summary>A worker as people watch it.</summary>
public sealed record WorkerView(WorkerId Worker, bool Alive, string Device, TrialId? Trial)
{
    /// <summary>Why and for how long it gets no work, or but one trial; null for one that may work.</summary>
    public WorkerSetAside? SetAside { get; init; }
}

/// <summary>Generated samples and where they come from.</summary>
public sealed record LabelledPicture(int Trial, int Step, SamplePicture Picture);
