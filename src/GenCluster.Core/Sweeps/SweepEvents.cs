using GenCluster.Core.Identity;
using GenCluster.Core.Parameters;
using GenCluster.Core.Trials;
using MessagePack;

namespace GenCluster.Core.Sweeps;

/// <summary>An event of a sweep's journal. Closed set; every case has a golden file.</summary>
public interface ISweepEvent;

/// <summary>A sweep was accepted; from here on it is never lost.</summary>
[MessagePackObject]
public sealed record SweepSubmitted([property: Key(0)] SweepId Sweep, [property: Key(1)] SweepSpec Spec) : ISweepEvent;

/// <summary>The search chose a configuration. Holding the values makes replay independent of the algorithm.</summary>
[MessagePackObject]
public sealed record TrialProposed([property: Key(0)] int Number, [property: Key(1)] Assignment Assignment) : ISweepEvent;

/// <summary>A trial came to its end, as its own journal says.</summary>
[MessagePackObject]
public sealed record TrialEnded([property: Key(0)] int Number, [property: Key(1)] TrialOutcome Outcome) : ISweepEvent;

/// <summary>The sweep stopped because of its surroundings (a full disk, say). It goes on when submitted again.</summary>
[MessagePackObject]
public sealed record SweepHalted([property: Key(0)] string Reason) : ISweepEvent;

/// <summary>A halted sweep was submitted again.</summary>
[MessagePackObject]
public sealed record SweepResumed : ISweepEvent;

/// <summary>All is done, or the budget of failures is used up.</summary>
[MessagePackObject]
public sealed record SweepEnded([property: Key(0)] SweepPhase Phase) : ISweepEvent;
