using Akka.Actor;
using Akka.Configuration;
using Akka.TestKit;
using Akka.TestKit.Xunit;
using GenCluster.Actors.Protocol;
using GenCluster.Actors.Serialization;
using GenCluster.Actors.Tests.Support;
using GenCluster.Actors.Workers;
using GenCluster.Core.Training;
using GenCluster.Core.Trials;

namespace GenCluster.Actors.Tests.Workers;

/// <summary>A run whose thread hangs, in virtual time.</summary>
public sealed class StuckRunTests() : TestKit(ConfigurationFactory.ParseString("""
    akka { loglevel = INFO, stdout-loglevel = OFF, scheduler.implementation = "Akka.TestKit.TestScheduler, Akka.TestKit" }
    """).WithFallback(WireSerialization.Config))
{
    private const int Looks = 10_000;

    private TestScheduler Scheduler => (TestScheduler)Sys.Scheduler;

    [Fact]
    public void A_run_that_makes_no_step_is_given_back_as_lost_and_the_process_is_to_end()
    {
        using var hangs = new ManualResetEventSlim();
        var worker = Attach(new ScriptedRunner((_, observer, control) =>
        {
            observer.Started(12);
            control.Pulse.Work();
            hangs.Wait(); // in a device; no abort reaches it
            return new RunOutcome.Drained(12);
        }));
        worker.Tell(new ToWorker.RunTrial(1, Samples.Order), TestActor);

        var ended = AwaitInTime<FromWorker.RunEnded>();
        var broken = ended.Outcome.ShouldBeOfType<RunOutcome.Broken>();
        broken.Failure.ShouldBe(FailureClass.Lost);
        broken.Message.ShouldStartWith("worker-1 makes no step: it has been at one for 600 s");
        worker.Tell(new ToWorker.OutcomeAccepted(ended.Lease), TestActor);

        AwaitInTime<WorkerStuck>().Reason.ShouldBe(broken.Message);
        hangs.Set();
    }

    [Fact]
    public void A_run_that_waits_may_wait()
    {
        using var waits = new ManualResetEventSlim();
        var worker = Attach(new ScriptedRunner((_, observer, control) =>
        {
            control.Pulse.Work();
            control.Pulse.Rest();
            observer.Started(12);
            waits.Wait();
            return new RunOutcome.Completed(600, new string('a', 64));
        }));
        worker.Tell(new ToWorker.RunTrial(1, Samples.Order), TestActor);
        AwaitInTime<FromWorker.RunStarted>();

        for (int i = 0; i < 2_000; i++)
            Scheduler.Advance(TimeSpan.FromSeconds(0.5));
        waits.Set();

        AwaitInTime<FromWorker.RunEnded>().Outcome.ShouldBeOfType<RunOutcome.Completed>();
    }

    private IActorRef Attach(ITrialRunner runner)
    {
        Sys.EventStream.Subscribe(TestActor, typeof(WorkerStuck));
        Sys.ActorOf(Props.Create(() => new Door(TestActor)), "coordinator");
        var worker = Sys.ActorOf(WorkerActor.PropsFor(new(Samples.Worker, Samples.Instance, [$"akka://{Sys.Name}"], "cpu", "127.0.0.1", 1), runner));
        AwaitInTime<FromWorker.Hello>();
        worker.Tell(new ToWorker.Welcome(1), TestActor);
        return worker;
    }

    /// <summary>Lets half seconds pass, answering what the worker says of itself, until it says this.</summary>
    private T AwaitInTime<T>()
    {
        for (int look = 0; look < Looks; look++)
        {
            Scheduler.Advance(TimeSpan.FromSeconds(0.5));
            while (ReceiveOne(TimeSpan.FromMilliseconds(2)) is { } message)
            {
                if (message is T wanted)
                    return wanted;
                if (message is FromWorker.Heartbeat beat)
                    LastSender.Tell(new ToWorker.HeartbeatAck(1, true, beat.Number), TestActor);
                else if (message is FromWorker.Hello)
                    LastSender.Tell(new ToWorker.Welcome(1), TestActor);
            }
        }

        throw new TimeoutException($"no {typeof(T).Name}");
    }

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
