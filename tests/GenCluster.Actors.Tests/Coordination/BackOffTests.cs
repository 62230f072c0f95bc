using Akka.Actor;
using Akka.TestKit;
using GenCluster.Actors.Protocol;
using GenCluster.Actors.Tests.Support;
using GenCluster.Core.Identity;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Training;
using GenCluster.Core.Trials;

namespace GenCluster.Actors.Tests.Coordination;

/// <summary>How long trials wait before they are tried again, in virtual time.</summary>
public sealed class BackOffTests() : CoordinationKit("""akka.scheduler.implementation = "Akka.TestKit.TestScheduler, Akka.TestKit" """)
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(0.25);

    private TestScheduler Scheduler => (TestScheduler)Sys.Scheduler;

    [Fact]
    public void The_users_restarts_come_after_longer_and_longer_pauses_and_then_the_trial_has_failed()
    {
        StartCoordinator(leaseTime: TimeSpan.FromMinutes(10));
        var worker = CreateTestProbe();
        Hello(worker);
        var watcher = Submit(Samples.Spec(maxTrials: 1, parallelTrials: 1) with { Budget = new BudgetSpec(0, MaxRestarts: 2) });

        NextOrder(worker, out _);
        Fail(worker, epoch: 1);
        NextOrder(worker, out var first);
        Fail(worker, epoch: 2);
        NextOrder(worker, out var second);
        Fail(worker, epoch: 3);

        first.TotalSeconds.ShouldBeInRange(5, 6);
        second.TotalSeconds.ShouldBeInRange(10, 11);
        var trial = AwaitView(watcher, v => v.HasEnded).Trials.ShouldHaveSingleItem();
        (trial.Phase, trial.Restarts, trial.Message).ShouldBe((TrialPhase.Failed, 2, "exit code 1; 3 times in a row"));
    }

    /// <summary>Lets time pass until there is an order, and says how much it was.</summary>
    private ToWorker.RunTrial NextOrder(TestProbe worker, out TimeSpan waited)
    {
        waited = TimeSpan.Zero;
        for (int tick = 0; tick < 400; tick++)
        {
            while (worker.ReceiveOne(TimeSpan.FromMilliseconds(25)) is { } message)
            {
                if (message is ToWorker.RunTrial order)
                    return order;
            }

            Scheduler.Advance(Tick);
            waited += Tick;
        }

        throw new TimeoutException("no order");
    }

    private void Fail(TestProbe worker, long epoch)
    {
        var lease = new Lease(new TrialId(Samples.Sweep, 1), epoch);
        Coordinator.Tell(new FromWorker.RunEnded(lease, 0, new RunOutcome.Broken(FailureClass.UserError, "exit code 1")), worker);
        Fish<ToWorker.OutcomeAccepted>(worker);
    }

    private SweepView AwaitView(TestProbe watcher, Predicate<SweepView> which)
    {
        for (int tick = 0; tick < 100; tick++)
        {
            Scheduler.Advance(Tick);
            while (watcher.ReceiveOne(TimeSpan.FromMilliseconds(25)) is { } message)
            {
                if (message is SweepView view && which(view))
                    return view;
            }
        }

        throw new TimeoutException("no such view");
    }
}
