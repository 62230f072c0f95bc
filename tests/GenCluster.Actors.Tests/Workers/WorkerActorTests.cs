using Akka.Actor;
using Akka.Configuration;
using Akka.TestKit.Xunit;
using GenCluster.Actors.Protocol;
using GenCluster.Actors.Serialization;
using GenCluster.Actors.Tests.Support;
using GenCluster.Actors.Workers;
using GenCluster.Core.Identity;
using GenCluster.Core.Training;
using GenCluster.Core.Trials;

namespace GenCluster.Actors.Tests.Workers;

/// <summary>One worker actor, with the test in the coordinator's place.</summary>
public sealed class WorkerActorTests() : TestKit(ConfigurationFactory.ParseString("akka { loglevel = INFO, stdout-loglevel = OFF }").WithFallback(WireSerialization.Config))
{
    private const long Epoch = 5;
    private static readonly TrialId Other = new(Samples.Sweep, 4);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    [Fact]
    public void A_result_never_overtakes_the_reports_it_rests_on()
    {
        var worker = Attach(new ScriptedRunner((_, observer, _) =>
        {
            observer.Evaluated(new MetricReport(600, [new Metric("swd", 5)]), null);
            observer.Checkpointed(ScriptedRunner.ManifestAt(600));
            return new RunOutcome.Completed(600, new string('a', 64));
        }));
        worker.Tell(new ToWorker.RunTrial(Epoch, Samples.Order), TestActor);

        // What is not acknowledged is sent again; the result still is not.
        for (int i = 0; i < 2; i++)
        {
            NextDurable().ShouldBeOfType<FromWorker.EvaluationReported>();
            NextDurable().ShouldBeOfType<FromWorker.CheckpointStored>();
        }

        worker.Tell(new ToWorker.ReportAccepted(Samples.Lease, 600), TestActor);
        worker.Tell(new ToWorker.CheckpointAccepted(Samples.Lease, 600, []), TestActor);
        Await<FromWorker.RunEnded>().Lease.ShouldBe(Samples.Lease);
    }

    [Fact]
    public void A_coordinator_of_the_past_is_not_obeyed_and_hears_of_the_present_one()
    {
        var runner = new ScriptedRunner(ScriptedRunner.UntilStopped);
        var worker = Attach(runner);
        var past = CreateTestProbe();

        worker.Tell(new ToWorker.RunTrial(Epoch - 1, Samples.Order), past);
        worker.Tell(new ToWorker.HeartbeatAck(Epoch - 1, Known: true), past);
        worker.Tell(new ToWorker.Welcome(Epoch - 1), past);

        past.FishForMessage<FromWorker.Heartbeat>(_ => true, Patience).Epoch.ShouldBe(Epoch);
        past.FishForMessage<FromWorker.Heartbeat>(_ => true, Patience).Epoch.ShouldBe(Epoch);
        Await<FromWorker.Heartbeat>().Epoch.ShouldBe(Epoch); // it is still attached where it was
        runner.Orders.ShouldBeEmpty();
    }

    [Fact]
    public void An_aborted_run_has_nothing_to_say_however_it_ends()
    {
        var next = Samples.Order with { Lease = new Lease(Other, 8) };
        var worker = Attach(new ScriptedRunner((order, _, control) =>
        {
            if (order.Lease == next.Lease)
                return new RunOutcome.Completed(600, new string('a', 64));
            control.Aborted.WaitHandle.WaitOne();
            throw new InvalidOperationException("the socket is gone");
        }));

        worker.Tell(new ToWorker.RunTrial(Epoch, Samples.Order), TestActor);
        worker.Tell(new ToWorker.RunTrial(Epoch, next), TestActor);

        NextDurable().ShouldBeOfType<FromWorker.RunEnded>().Lease.ShouldBe(next.Lease);
    }

    [Fact]
    public void A_run_that_comes_to_its_end_as_its_lease_is_taken_away_is_done_again()
    {
        var runner = new ScriptedRunner((order, observer, control) =>
        {
            observer.Evaluated(new MetricReport(600, [new Metric("swd", 5)]), null);
            if (order.Lease == Samples.Lease)
                control.Aborted.WaitHandle.WaitOne();
            return new RunOutcome.Completed(600, new string('a', 64));
        });
        var worker = Attach(runner);
        worker.Tell(new ToWorker.RunTrial(Epoch, Samples.Order), TestActor);
        NextDurable().ShouldBeOfType<FromWorker.EvaluationReported>().Lease.ShouldBe(Samples.Lease);

        worker.Tell(new ToWorker.LeaseOver(Samples.Lease), TestActor);
        worker.Tell(new ToWorker.RunTrial(Epoch, At(8, 0)), TestActor);

        NextDurable().ShouldBeOfType<FromWorker.EvaluationReported>().Lease.Epoch.ShouldBe(8, "its end rests on a report that the coordinator never took");
        runner.Orders.Select(o => o.Lease.Epoch).ShouldBe([7, 8]);
    }

    [Fact]
    public void An_order_whose_lease_is_over_before_it_began_is_forgotten()
    {
        using var aborted = new ManualResetEventSlim();
        var third = Samples.Order with { Lease = new Lease(Other, 9) };
        var runner = new ScriptedRunner((order, _, control) =>
        {
            if (order.Lease != Samples.Lease)
                return new RunOutcome.Completed(600, new string('a', 64));
            aborted.Wait(); // slow to notice
            control.Aborted.ThrowIfCancellationRequested();
            return new RunOutcome.Drained(0);
        });
        var worker = Attach(runner);
        worker.Tell(new ToWorker.RunTrial(Epoch, Samples.Order), TestActor);
        worker.Tell(new ToWorker.RunTrial(Epoch, Samples.Order with { Lease = new Lease(Other, 8) }), TestActor);

        worker.Tell(new ToWorker.LeaseOver(new Lease(Other, 8)), TestActor);
        worker.Tell(new Identify("all heard"), TestActor);
        Await<ActorIdentity>();
        aborted.Set();
        Await<FromWorker.Heartbeat>(b => b.Held is null);
        worker.Tell(new ToWorker.RunTrial(Epoch, third), TestActor);

        NextDurable().ShouldBeOfType<FromWorker.RunEnded>().Lease.ShouldBe(third.Lease);
        runner.Orders.Select(o => o.Lease.Epoch).ShouldBe([7, 9]);
    }

    [Fact]
    public void What_a_run_says_to_people_is_short_and_plain_enough_to_be_sent()
    {
        string talk = "it broke\u001b[2J here\n" + new string('x', 100_000);
        var worker = Attach(new ScriptedRunner((_, observer, _) =>
        {
            observer.Warned(talk);
            return new RunOutcome.Broken(FailureClass.UserError, talk);
        }));

        worker.Tell(new ToWorker.RunTrial(Epoch, Samples.Order), TestActor);

        string warned = Await<FromWorker.RunWarned>().Message;
        warned.ShouldStartWith("it broke [2J here xxx");
        warned.Length.ShouldBeLessThan(4_000);
        NextDurable().ShouldBeOfType<FromWorker.RunEnded>().Outcome.ShouldBe(new RunOutcome.Broken(FailureClass.UserError, warned));
    }

    [Fact]
    public void Orders_of_a_coordinator_that_no_longer_rules_are_refused()
    {
        var runner = new ScriptedRunner(ScriptedRunner.Succeed);
        var worker = Attach(runner);

        worker.Tell(new ToWorker.RunTrial(Epoch - 1, Samples.Order), TestActor);
        worker.Tell(new ToWorker.RunTrial(Epoch, Samples.Order with { Lease = new Lease(Samples.Trial, 8) }), TestActor);

        NextDurable();
        runner.Orders.ShouldHaveSingleItem().Lease.Epoch.ShouldBe(8);
    }

    [Fact]
    public void A_run_goes_on_under_the_next_lease_of_its_trial()
    {
        var runner = new ScriptedRunner(ScriptedRunner.Elastic);
        var worker = Attach(runner);

        worker.Tell(new ToWorker.RunTrial(Epoch, Samples.Order), TestActor);
        Await<FromWorker.RunStarted>(m => m.Lease.Epoch == 7).Step.ShouldBe(0);
        worker.Tell(new ToWorker.RunTrial(Epoch, At(8)), TestActor);

        Await<FromWorker.RunStarted>(m => m.Lease.Epoch == 8).Step.ShouldBeGreaterThan(0, "it holds the state");
        Await<FromWorker.Heartbeat>(m => m.Held == new Lease(Samples.Trial, 8));
        runner.Orders.Count.ShouldBe(1, "nothing was started again");
    }

    [Fact]
    public void What_a_leader_said_and_nobody_acknowledged_is_said_under_the_next_lease()
    {
        var worker = Attach(new ScriptedRunner((_, observer, control) =>
        {
            observer.Evaluated(new MetricReport(200, [new Metric("swd", 5)]), null);
            observer.Checkpointed(ScriptedRunner.ManifestAt(200));
            control.WaitForOrder();
            return new RunOutcome.Completed(600, new string('a', 64));
        }));
        worker.Tell(new ToWorker.RunTrial(Epoch, Samples.Order), TestActor);
        NextDurable().ShouldBeOfType<FromWorker.EvaluationReported>();
        NextDurable().ShouldBeOfType<FromWorker.CheckpointStored>();

        worker.Tell(new ToWorker.RunTrial(Epoch, At(8)), TestActor);

        NextDurable().ShouldBeOfType<FromWorker.EvaluationReported>().Lease.Epoch.ShouldBe(8);
        NextDurable().ShouldBeOfType<FromWorker.CheckpointStored>().Lease.Epoch.ShouldBe(8);
        worker.Tell(new ToWorker.ReportAccepted(new Lease(Samples.Trial, 8), 200), TestActor);
        worker.Tell(new ToWorker.CheckpointAccepted(new Lease(Samples.Trial, 8), 200, []), TestActor);
        Await<FromWorker.RunEnded>().Lease.Epoch.ShouldBe(8);
    }

    [Fact]
    public void What_one_said_that_leads_no_more_is_void()
    {
        var worker = Attach(new ScriptedRunner((_, observer, control) =>
        {
            observer.Evaluated(new MetricReport(200, [new Metric("swd", 5)]), null);
            control.WaitForOrder();
            return new RunOutcome.Drained(200);
        }));
        worker.Tell(new ToWorker.RunTrial(Epoch, Samples.Order), TestActor);
        NextDurable().ShouldBeOfType<FromWorker.EvaluationReported>();

        worker.Tell(new ToWorker.RunTrial(Epoch, At(8, member: 1)), TestActor);

        NextDurable().ShouldBeOfType<FromWorker.RunEnded>().ShouldBe(new FromWorker.RunEnded(new Lease(Samples.Trial, 8), 1, new RunOutcome.Drained(200)));
    }

    [Fact]
    public void The_end_of_a_run_that_nobody_heard_of_is_said_under_the_next_lease_and_nothing_starts_again()
    {
        var runner = new ScriptedRunner((_, _, _) => new RunOutcome.Completed(600, new string('a', 64)));
        var worker = Attach(runner);
        worker.Tell(new ToWorker.RunTrial(Epoch, Samples.Order), TestActor);
        NextDurable().ShouldBeOfType<FromWorker.RunEnded>().Lease.Epoch.ShouldBe(7);

        worker.Tell(new ToWorker.RunTrial(Epoch, At(8)), TestActor);

        Await<FromWorker.RunEnded>(m => m.Lease.Epoch == 8);
        runner.Orders.Count.ShouldBe(1);
    }

    [Fact]
    public void A_word_about_an_older_lease_does_not_touch_a_run_that_has_a_newer_one()
    {
        var worker = Attach(new ScriptedRunner(ScriptedRunner.Elastic));
        worker.Tell(new ToWorker.RunTrial(Epoch, Samples.Order), TestActor);
        worker.Tell(new ToWorker.RunTrial(Epoch, At(8)), TestActor);
        Await<FromWorker.RunStarted>(m => m.Lease.Epoch == 8);

        worker.Tell(new ToWorker.StopRun(Epoch, Samples.Lease, Drain: false), TestActor);
        worker.Tell(new ToWorker.LeaseOver(Samples.Lease), TestActor);
        worker.Tell(new ToWorker.RunTrial(Epoch, At(9)), TestActor);
        Await<FromWorker.RunStarted>(m => m.Lease.Epoch == 9);

        // A newer one does: the order for it was lost on the way.
        worker.Tell(new ToWorker.StopRun(Epoch, new Lease(Samples.Trial, 10), Drain: true), TestActor);
        NextDurable().ShouldBeOfType<FromWorker.CheckpointStored>();
    }

    [Fact]
    public void A_broken_gang_is_told_of_until_there_is_an_order()
    {
        var worker = Attach(new ScriptedRunner((_, observer, control) =>
        {
            observer.GangBroke(1, "the connection to worker-2 closed");
            var order = control.WaitForOrder();
            observer.Started(12);
            control.WaitForOrder();
            return new RunOutcome.Drained(order!.Member);
        }));
        worker.Tell(new ToWorker.RunTrial(Epoch, Samples.Order), TestActor);

        for (int i = 0; i < 2; i++)
            NextDurable().ShouldBe(new FromWorker.GangBroke(Samples.Lease, 1, "the connection to worker-2 closed"));
        worker.Tell(new ToWorker.RunTrial(Epoch, At(8) with { Forced = true }), TestActor);

        Await<FromWorker.RunStarted>().ShouldBe(new FromWorker.RunStarted(new Lease(Samples.Trial, 8), 12));
        worker.Tell(new ToWorker.StopRun(Epoch, new Lease(Samples.Trial, 8), Drain: true), TestActor);
        NextDurable().ShouldBeOfType<FromWorker.RunEnded>("the break is no longer of interest");
    }

    [Fact]
    public void A_joiner_says_that_it_is_ready_and_becomes_a_member_without_a_new_run()
    {
        var runner = new ScriptedRunner(ScriptedRunner.Elastic);
        var worker = Attach(runner);

        worker.Tell(new ToWorker.RunTrial(Epoch, At(7, TrialOrder.Joiner)), TestActor);
        NextDurable().ShouldBeOfType<FromWorker.JoinerReady>().Lease.Epoch.ShouldBe(7);
        worker.Tell(new ToWorker.RunTrial(Epoch, At(8, TrialOrder.Joiner)), TestActor);
        Await<FromWorker.JoinerReady>(m => m.Lease.Epoch == 8);
        worker.Tell(new ToWorker.RunTrial(Epoch, At(9, member: 1)), TestActor);

        Await<FromWorker.RunStarted>().Lease.Epoch.ShouldBe(9);
        runner.Orders.Count.ShouldBe(1);
    }

    [Fact]
    public void A_member_that_was_put_out_of_its_gang_joins_it_as_a_new_run()
    {
        var runner = new ScriptedRunner(ScriptedRunner.Elastic);
        var worker = Attach(runner);
        worker.Tell(new ToWorker.RunTrial(Epoch, Samples.Order), TestActor);
        Await<FromWorker.RunStarted>();

        worker.Tell(new ToWorker.RunTrial(Epoch, At(9, TrialOrder.Joiner)), TestActor);

        Await<FromWorker.JoinerReady>().Step.ShouldBe(0);
        runner.Orders.Count.ShouldBe(2);
    }

    [Fact]
    public void A_joiner_that_never_joined_begins_anew_when_it_is_to_lead()
    {
        var runner = new ScriptedRunner((order, _, control) =>
        {
            if (order.Member != TrialOrder.Joiner)
                return new RunOutcome.Completed(600, new string('a', 64));
            control.Aborted.WaitHandle.WaitOne(); // for a gang that is gone
            throw new OperationCanceledException();
        });
        var worker = Attach(runner);
        worker.Tell(new ToWorker.RunTrial(Epoch, At(7, TrialOrder.Joiner)), TestActor);

        worker.Tell(new ToWorker.RunTrial(Epoch, At(8, 0)), TestActor);

        NextDurable().ShouldBeOfType<FromWorker.RunEnded>().Lease.Epoch.ShouldBe(8);
        runner.Orders.Select(o => (o.Lease.Epoch, o.Member)).ShouldBe([(7, TrialOrder.Joiner), (8, 0)]);
    }

    [Fact]
    public void A_joiner_that_was_sent_home_may_be_asked_again_under_the_same_lease()
    {
        var runner = new ScriptedRunner(ScriptedRunner.Elastic);
        var worker = Attach(runner);
        worker.Tell(new ToWorker.RunTrial(Epoch, At(7, TrialOrder.Joiner)), TestActor);
        NextDurable().ShouldBeOfType<FromWorker.JoinerReady>();

        worker.Tell(new ToWorker.StopRun(Epoch, Samples.Lease, Drain: false), TestActor);
        Await<FromWorker.Heartbeat>(b => b.Held is null);
        worker.Tell(new ToWorker.RunTrial(Epoch, At(7, TrialOrder.Joiner)), TestActor);

        NextDurable().ShouldBeOfType<FromWorker.JoinerReady>();
        runner.Orders.Count.ShouldBe(2);
    }

    private static TrialOrder At(long epoch, int member = 0) => Samples.Order with { Lease = new Lease(Samples.Trial, epoch), Member = member, Forced = false };

    private IActorRef Attach(ITrialRunner runner)
    {
        Sys.ActorOf(Props.Create(() => new Door(TestActor)), "coordinator");
        var settings = new WorkerSettings(Samples.Worker, Samples.Instance, [$"akka://{Sys.Name}"], "cpu", "127.0.0.1", 1);
        var worker = Sys.ActorOf(WorkerActor.PropsFor(settings, runner));
        FishForMessage<FromWorker.Hello>(_ => true, Patience);
        worker.Tell(new ToWorker.Welcome(Epoch), TestActor);
        return worker;
    }

    /// <summary>The next message that needs an acknowledgement.</summary>
    private ILeaseMessage NextDurable() => Await<ILeaseMessage>(m =>
        m is FromWorker.EvaluationReported or FromWorker.CheckpointStored or FromWorker.GangBroke or FromWorker.JoinerReady or FromWorker.RunEnded);

    /// <summary>The next message that is as it should be. Heartbeats on the way are answered, or the worker would detach.</summary>
    private T Await<T>(Predicate<T>? which = null) => (T)FishForMessage(
        m =>
        {
            if (m is FromWorker.Heartbeat)
                LastSender.Tell(new ToWorker.HeartbeatAck(Epoch, true), TestActor);
            return m is T t && (which?.Invoke(t) ?? true);
        },
        Patience);

    /// <summary>Stands where workers look for the coordinator.</summary>
    private sealed class Door : ReceiveActor
    {
        public Door(IActorRef behind)
        {
            Context.ActorOf(Props.Create(() => new Forwarder(behind)), "coordinator");
        }
    }

    private sealed class Forwarder : ReceiveActor
    {
        public Forwarder(IActorRef to)
        {
            ReceiveAny(to.Forward);
        }
    }
}
