using GenCluster.Core.Decisions;
using GenCluster.Core.Trials;

namespace GenCluster.Core.Tests.Support;

/// <summary>Given these events, when this command comes, then exactly this follows.</summary>
internal sealed record TrialScenario(TrialState State)
{
    public static TrialScenario Given(params ITrialEvent[] events) => new(events.Aggregate(TrialState.New(Samples.Trial), TrialDecider.Apply));

    public Decision<ITrialEvent> When(ITrialCommand command) => TrialDecider.Decide(State, command);

    /// <summary>The trial after all of these commands, each of which has to be accepted.</summary>
    public TrialScenario After(params ITrialCommand[] commands)
    {
        var state = State;
        foreach (var command in commands)
        {
            var decision = TrialDecider.Decide(state, command);
            decision.Refusal.ShouldBeNull();
            state = decision.Events.Aggregate(state, TrialDecider.Apply);
        }

        return new TrialScenario(state);
    }
}
