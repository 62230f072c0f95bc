using GenCluster.Chaos.Tests.Harness;

namespace GenCluster.Chaos.Tests.Faults;

/// <summary>What coordinator and workers tell each other arrives twice, in another order, or long after its time.</summary>
internal static class MessageFaults
{
    public static async Task Repeat(Arena arena)
    {
        int[] ports = CoordinatorCluster.FreePorts(2);
        await using var proxy = new FrameProxy(ports[0], new Random(arena.Seed));
        var service = await Service.StartAsync(arena, serve: FrameProxy.Behind, ports: ports);
        await service.SubmitAsync();

        // The gang goes on under another epoch, and messages of the old one come again.
        await arena.StrikeAsync(service.Node, $"kill GenCluster-Training/Phase[phase=reduce]:{arena.Dice.Next(5, 60)}");

        await service.EndsWellAsync();
        arena.Note($"of {proxy.Passed} messages {proxy.Doubled} twice, {proxy.Swapped} late, {proxy.Replayed} again");
        new[] { proxy.Doubled, proxy.Swapped, proxy.Replayed }.ShouldAllBe(count => count > 0);
    }
}
