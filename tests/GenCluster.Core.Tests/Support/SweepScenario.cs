using GenCluster.Core.Decisions;
using GenCluster.Core.Sweeps;

namespace GenCluster.Core.Tests.Support;

/// <summary>Given these events, when this command comes, then exactly this follows.</summary>
internal sealed record SweepScenario(SweepState State)
{
    public static SweepScenario Given(params ISweepEvent[] events) => new(events.Aggregate(SweepState.New(Samples.Sweep), SweepDecider.Apply));

    public Decision<ISweepEvent> When(ISweepCommand command) => SweepDecider.Decide(State, command);
}
