using GenCluster.Collectives.Gangs;
using GenCluster.Collectives.Hellos;
using GenCluster.Collectives.Tests.Support;

namespace GenCluster.Collectives.Tests.Gangs;

public sealed class TransportTests
{
    private static readonly Guid OtherHost = Guid.Parse("7b0f3f0e-5d44-4c2a-9f0b-0d6c53d0a001");

    [Fact]
    public async Task Members_of_one_host_share_memory_and_others_use_tcp()
    {
        using var gang = await Loopback.JoinedAsync(Vectors.Even(4, 3, 100_000), member => new GangOptions { Host = member == 2 ? OtherHost : null });

        var results = await gang.AllReduceAsync(seed: 1);

        Array.ForEach(results, result => result.Sum.ShouldBeBitwise(Vectors.ExpectedSum(1, 0, 4, 100_000)));
        gang.Gangs.Select(member => Enumerable.Range(0, 3).Select(member.TransportTo).ToArray()).ShouldBe(
        [
            [Transport.Auto, Transport.SharedMemory, Transport.Tcp],
            [Transport.SharedMemory, Transport.Auto, Transport.Tcp],
            [Transport.Tcp, Transport.Tcp, Transport.Auto],
        ]);
        gang.Listeners[0].Counters.BytesShared.ShouldBeGreaterThan(0);
        gang.Listeners[0].Counters.BytesSent.ShouldBeGreaterThan(0);
        gang.Gangs[0].Log.Dump().ShouldStartWith("member 0 of 3, trial 'trial-7', epoch 5; member 1 by SharedMemory, member 2 by Tcp\nposition 0 phase 0 bucket 0: 400000 bytes, ready at ");
    }

    [Theory]
    [InlineData(Transport.SharedMemory, Transport.Tcp)]
    [InlineData(Transport.Tcp, Transport.SharedMemory)]
    [InlineData(Transport.Unix, Transport.Tcp)]
    [InlineData(Transport.Auto, Transport.Unix)]
    public async Task Members_with_no_transport_in_common_refuse_each_other(Transport lower, Transport higher)
    {
        using var pair = Loopback.Listening(Vectors.Even(2, 2, 64));
        using var stop = new CancellationTokenSource();
        var listening = pair.JoinAsync(pair.Invitation(0), new GangOptions { Transport = lower }, stop.Token);

        var broken = await Should.ThrowAsync<GangBrokenException>(
            () => pair.JoinAsync(pair.Invitation(1), new GangOptions { Transport = higher }).WaitAsync(Loopback.Patience));

        (broken.Reason, broken.Refusal).ShouldBe((GangBreak.Refused, HelloRefusal.Transport));
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => listening);
    }

    [Fact]
    public async Task Shared_memory_that_is_asked_for_is_not_replaced_by_anything_else()
    {
        using var pair = Loopback.Listening(Vectors.Even(2, 2, 64));
        using var stop = new CancellationTokenSource();
        var listening = pair.JoinAsync(pair.Invitation(0), new GangOptions { Transport = Transport.SharedMemory, Host = OtherHost }, stop.Token);

        var broken = await Should.ThrowAsync<GangBrokenException>(
            () => pair.JoinAsync(pair.Invitation(1), new GangOptions { Transport = Transport.SharedMemory }).WaitAsync(Loopback.Patience));

        broken.Message.ShouldContain("give all members the same transport option, and shared memory only on one host");
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => listening);
    }

    [Fact]
    public async Task Between_hosts_frames_have_checksums()
    {
        using var gang = await Loopback.JoinedAsync(Vectors.Even(2, 2, 100_000), member => new GangOptions { Host = member == 1 ? OtherHost : null });

        var results = await gang.AllReduceAsync(seed: 1);

        Array.ForEach(results, result => result.Sum.ShouldBeBitwise(Vectors.ExpectedSum(1, 0, 2, 100_000)));
    }

    [Fact]
    public async Task A_bound_thread_sums_the_same()
    {
        using var gang = await Loopback.JoinedAsync(Vectors.Even(2, 2, 100_000), new GangOptions { PinCores = true });

        var results = await gang.AllReduceAsync(seed: 1);

        Array.ForEach(results, result => result.Sum.ShouldBeBitwise(Vectors.ExpectedSum(1, 0, 2, 100_000)));
    }
}
