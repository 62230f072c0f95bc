using GenCluster.Core.Search;
using GenCluster.Core.Trials;

namespace GenCluster.Core.Sweeps;

/// <summary>A command to a sweep. Time and dice, where one needs them, are already in it.</summary>
public interface ISweepCommand;

/// <summary>Starts a sweep, or goes on with the same one.</summary>
/// <param name="At">Milliseconds since 1970, UTC.</param>
/// <param name="By">Who submits it, for the record; empty: the command that hosts the coordinator.</param>
public sealed record SubmitSweep(SweepSpec Spec, long At = 0, string By = "") : ISweepCommand;

/// <summary>Takes up configurations that the search chose.</summary>
/// <param name="Milestones">Where the scheduler lets each of them wait for the first time; null: they run through.</param>
public sealed record TakeProposals(IReadOnlyList<Proposal> Proposals, IReadOnlyList<int?>? Milestones = null) : ISweepCommand;

/// <summary>Records that the search has nothing to propose.</summary>
public sealed record ExhaustSearch : ISweepCommand;

/// <summary>Records an evaluation of a trial, and what the scheduler says to it.</summary>
/// <param name="Ruling">Null: the trial goes on.</param>
public sealed record RecordReport(int Number, MetricReport Report, Ruling? Ruling) : ISweepCommand;

/// <summary>Records that a trial waits at its milestone.</summary>
public sealed record RecordArrival(int Number, int Step) : ISweepCommand;

/// <summary>Does with trials that wait what the scheduler says.</summary>
public sealed record TakeMoves(IReadOnlyList<Move> Moves) : ISweepCommand;

/// <summary>Ends trials that wait when nothing can happen any more that would move them.</summary>
public sealed record PruneLeftovers : ISweepCommand;

/// <summary>Records that the checkpoint a new trial begins from is pinned, or cannot be had.</summary>
public sealed record RecordOrigin(int Number, TrialOrigin? Origin, string Message = "") : ISweepCommand;

/// <summary>Records that a trial's parent need not keep a checkpoint for it any more.</summary>
public sealed record WeanTrial(int Number) : ISweepCommand;

/// <summary>Records what another sweep has learned.</summary>
public sealed record TakeEvidence(EvidenceTaken Evidence) : ISweepCommand;

/// <summary>Records the end of a trial.</summary>
/// <param name="Round">Of the trial's: an end that was taken back counts no more.</param>
public sealed record RecordOutcome(int Number, TrialOutcome Outcome, int Round = 0) : ISweepCommand;

/// <summary>Ends the sweep if its time is used up.</summary>
/// <param name="Now">Milliseconds since 1970, UTC.</param>
/// <param name="DeviceSeconds">That its trials have used so far, those at work included.</param>
public sealed record CheckBudget(long Now, double DeviceSeconds) : ISweepCommand;

/// <summary>Stops until somebody has looked.</summary>
public sealed record HaltSweep(string Reason) : ISweepCommand;

/// <summary>What people may ask of a sweep, or of one of its trials, while it runs: W&amp;B's four verbs, and another try. Never renumber.</summary>
public enum Verb
{
    /// <summary>A sweep begins no new trials and those at work go on. A trial stops after a checkpoint and waits.</summary>
    Pause = 0,

    /// <summary>Takes a pause back.</summary>
    Resume = 1,

    /// <summary>A sweep begins no new trials, those at work finish, and it ends. A trial ends after a checkpoint, and what it has reached counts.</summary>
    Stop = 2,

    /// <summary>All work on it ends now, and nothing of it counts that is not yet written.</summary>
    Cancel = 3,

    /// <summary>Failed trials are begun again from their checkpoints.</summary>
    Retry = 4,
}

/// <summary>Does what a person asks of a sweep, or of one of its trials.</summary>
/// <param name="Trial">Null: the sweep.</param>
/// <param name="By">Who asks, for the record.</param>
public sealed record ControlSweep(Verb Verb, int? Trial, string By) : ISweepCommand;

/// <summary>Goes on with another specification of the same sweep; what was learned stays.</summary>
/// <param name="Version">Of the specification that is changed; another one in the meantime is a conflict.</param>
public sealed record EditSweep(int Version, SweepSpec Spec, string By) : ISweepCommand;
