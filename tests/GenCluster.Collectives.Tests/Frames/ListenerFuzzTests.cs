using GenCluster.Collectives.Gangs;
using GenCluster.Collectives.Tests.Support;
using GenCluster.TestDraws;

namespace GenCluster.Collectives.Tests.Frames;

/// <summary>Strangers at the door. It counts the memory of the whole process, so nothing else may run beside it.</summary>
[Collection(nameof(Alone))]
public sealed class ListenerFuzzTests
{
    [Fact]
    public async Task A_listener_outlives_whatever_strangers_say_to_it()
    {
        byte[][] seeds = [.. new[] { "hello", "welcome", "proof", "ready", "refused" }.Select(name => Golden.Read("hello-" + name))];
        var random = new Random(20240608);
        using var pair = await Loopback.JoinedAsync(Vectors.Even(2, 2, 64), new GangOptions { Transport = Transport.Tcp });
        var before = GC.GetTotalMemory(forceFullCollection: true);

        foreach (var _ in Draws.Rounds(200))
        {
            using var stranger = RawPeer.Dial(pair.Listeners[0].EndPoint);
            stranger.Send(FuzzTests.Mutate(random, seeds[random.Next(seeds.Length)]));
        }

        using var closer = RawPeer.Dial(pair.Listeners[0].EndPoint);
        closer.Send(0, 0, 0).ShouldBeClosed();
        (GC.GetTotalMemory(forceFullCollection: true) - before).ShouldBeLessThan(16 << 20);
        (await pair.AllReduceAsync(seed: 1)).ShouldAllBe(result => result.Broken == null);
    }
}

/// <summary>Tests that nothing runs beside.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
