using Akka.Actor;
using Akka.Configuration;
using GenCluster.Actors.Coordination;
using GenCluster.Actors.Protocol;
using GenCluster.Actors.Serialization;
using GenCluster.Actors.Tests.Support;
using GenCluster.Core.Identity;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Training;
using GenCluster.Core.Trials;
using GenCluster.Server.Tests.Support;

namespace GenCluster.Server.Tests;

/// <summary>What a peer that does not keep to the protocol can do over a real connection.</summary>
public sealed class UntrustedPeerTests : ServerKit
{
    [Fact]
    public async Task A_forged_message_in_akkas_json_is_dropped_and_the_coordinator_goes_on()
    {
        var coordinator = await StartAsync();
        using var stranger = Stranger(ourSerialization: false);
        long before = RefusedMessages.Total;

        DoorOf(coordinator, stranger).Tell(new FromWorker.Hello(1, Samples.Worker, Samples.Instance, "cpu", "127.0.0.1", 4100, null, null, 0)); // as JSON, for want of our serializer
        await UntilAsync(() => RefusedMessages.Total > before);

        await GoesOnAsync(coordinator);
    }

    [Fact]
    public async Task A_malformed_message_is_dropped_and_the_connection_stays()
    {
        var coordinator = await StartAsync();
        using var stranger = Stranger(ourSerialization: true);
        var door = DoorOf(coordinator, stranger);
        long before = RefusedMessages.Total;

        door.Tell(new FromWorker.RunEnded(Samples.Lease, 0, null!));
        door.Tell(new FromWorker.EvaluationReported(Samples.Lease, new MetricReport(-1, null!)));
        await UntilAsync(() => RefusedMessages.Total >= before + 2);

        using var inbox = Inbox.Create(stranger);
        inbox.Receiver.Tell("nothing", ActorRefs.NoSender);
        door.Tell(new FromWorker.Heartbeat(Samples.Worker, Samples.Instance, null, 0), inbox.Receiver);
        (await inbox.ReceiveAsync(TimeSpan.FromSeconds(30))).ShouldBe("nothing");
        (await inbox.ReceiveAsync(TimeSpan.FromSeconds(30))).ShouldBeOfType<ToWorker.HeartbeatAck>().Known.ShouldBeFalse();
        await GoesOnAsync(coordinator);
    }

    [Fact]
    public async Task Nobody_can_end_a_worker_from_outside()
    {
        var coordinator = await StartAsync();
        var worker = await StartWorkerAsync(coordinator, "w1", new ScriptedRunner(ScriptedRunner.Succeed));
        using var stranger = Stranger(ourSerialization: true);
        var address = ((ExtendedActorSystem)worker.System).Provider.DefaultAddress;

        var ended = worker.Actor.WatchAsync(Patience);
        stranger.ActorSelection($"{address}/user/worker").Tell(PoisonPill.Instance);
        stranger.ActorSelection($"{address}/user/worker").Tell(Kill.Instance);
        await SubmitAsync(coordinator, Samples.Spec());

        (await WatchAsync(coordinator))[^1].Phase.ShouldBe(SweepPhase.Succeeded);
        ended.IsCompleted.ShouldBeFalse();
    }

    private async Task GoesOnAsync(ICoordinator coordinator)
    {
        await StartWorkerAsync(coordinator, "w1", new ScriptedRunner(ScriptedRunner.Succeed));
        await SubmitAsync(coordinator, Samples.Spec(maxTrials: 1, parallelTrials: 1));
        (await WatchAsync(coordinator))[^1].Phase.ShouldBe(SweepPhase.Succeeded);
        coordinator.Fault.IsCompleted.ShouldBeFalse();
    }

    private static ActorSystem Stranger(bool ourSerialization)
    {
        var remote = ConfigurationFactory.ParseString("""
            akka {
              stdout-loglevel = OFF
              loglevel = OFF
              loggers = []
              actor.provider = remote
              remote.dot-netty.tcp { hostname = "127.0.0.1", port = 0 }
            }
            """);
        return ActorSystem.Create("stranger", ourSerialization ? remote.WithFallback(WireSerialization.Config) : remote);
    }

    private static ActorSelection DoorOf(ICoordinator coordinator, ActorSystem stranger) =>
        stranger.ActorSelection(coordinator.Address + CoordinatorHosting.CoordinatorPath);

    private async Task UntilAsync(Func<bool> holds)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!holds())
            await timer.WaitForNextTickAsync(Patience);
    }
}
