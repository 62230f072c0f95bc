using GenCluster.Core.Coordination;
using GenCluster.Core.Identity;

namespace GenCluster.Core.Tests.Coordination;

public sealed class CoordinatorStateTests
{
    [Fact]
    public void A_coordinator_is_the_fold_of_its_events()
    {
        var state = Fold(
            new CoordinatorStarted(1), new SweepRegistered(new SweepId("b")), new CoordinatorStarted(2), new SweepRegistered(new SweepId("a")));

        state.Epoch.ShouldBe(2);
        state.Sweeps.ShouldBe(["a", "b"]);
        state.Knows(new SweepId("a")).ShouldBeTrue();
        state.Knows(new SweepId("A")).ShouldBeFalse("names differ by case");
    }

    [Fact]
    public void A_sweep_that_is_registered_again_is_one_sweep()
    {
        Fold(new SweepRegistered(new SweepId("a")), new SweepRegistered(new SweepId("a"))).Sweeps.Count.ShouldBe(1);
        CoordinatorState.New.Sweeps.ShouldBeEmpty("a state is never changed in place");
    }

    [Fact]
    public void What_has_no_rule_is_a_bug_and_throws()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => Fold(new Strange())).Message.ShouldStartWith("an event without a rule");
    }

    private static CoordinatorState Fold(params ICoordinatorEvent[] events) => events.Aggregate(CoordinatorState.New, (state, e) => state.Apply(e));

    private sealed record Strange : ICoordinatorEvent;
}
