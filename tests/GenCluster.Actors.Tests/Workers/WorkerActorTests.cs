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
        FishForMessage<FromWorker.RunEnded>(_ => true, Patience).Lease.ShouldBe(Samples.Lease);
    }

    [Fact]
    public void An_aborted_run_has_nothing_to_say_however_it_ends()
    {
        var next = Samples.Order with { Lease = new Lease(Samples.Trial, 8) };
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
    public void An_order_whose_lease_is_over_before_it_began_is_forgotten()
    {
        using var aborted = new ManualResetEventSlim();
        var third = Samples.Order with { Lease = new Lease(Samples.Trial, 9) };
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
        worker.Tell(new ToWorker.RunTrial(Epoch, Samples.Order with { Lease = new Lease(Samples.Trial, 8) }), TestActor);

        worker.Tell(new ToWorker.LeaseOver(new Lease(Samples.Trial, 8)), TestActor);
        worker.Tell(new Identify("all heard"), TestActor);
        FishForMessage<ActorIdentity>(_ => true, Patience);
        aborted.Set();
        FishForMessage<FromWorker.Heartbeat>(b => b.Held is null, Patience);
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

        string warned = FishForMessage<FromWorker.RunWarned>(_ => true, Patience).Message;
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

    private IActorRef Attach(ITrialRunner runner)
    {
        Sys.ActorOf(Props.Create(() => new Door(TestActor)), "coordinator");
        var settings = new WorkerSettings(Samples.Worker, Samples.Instance, [$"akka://{Sys.Name}"], "cpu", "127.0.0.1", 1);
        var worker = Sys.ActorOf(WorkerActor.PropsFor(settings, runner));
        FishForMessage<FromWorker.Hello>(_ => true, Patience);
        worker.Tell(new ToWorker.Welcome(Epoch), TestActor);
        return worker;
    }

    /// <summary>The next message that needs an acknowledgement. Heartbeats on the way are answered.</summary>
    private ILeaseMessage NextDurable() => (ILeaseMessage)FishForMessage(
        m =>
        {
            if (m is FromWorker.Heartbeat)
                LastSender.Tell(new ToWorker.HeartbeatAck(Epoch, true), TestActor);
            return m is FromWorker.EvaluationReported or FromWorker.CheckpointStored or FromWorker.RunEnded;
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
