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
