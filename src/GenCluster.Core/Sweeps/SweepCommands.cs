using GenCluster.Core.Search;
using GenCluster.Core.Trials;

namespace GenCluster.Core.Sweeps;

/// <summary>A command to a sweep. Time and dice, where one needs them, are already in it.</summary>
public interface ISweepCommand;

/// <summary>Starts a sweep, or goes on with the same one.</summary>
public sealed record SubmitSweep(SweepSpec Spec) : ISweepCommand;

/// <summary>Takes up configurations that the search chose.</summary>
public sealed record TakeProposals(IReadOnlyList<Proposal> Proposals) : ISweepCommand;

/// <summary>Records the end of a trial.</summary>
public sealed record RecordOutcome(int Number, TrialOutcome Outcome) : ISweepCommand;

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
