using System.Net;
using GenCluster.Collectives.Gangs;
using GenCluster.Collectives.Hellos;
using GenCluster.Collectives.Memory;
using GenCluster.Collectives.Tests.Support;
using GenCluster.Collectives.Tree;

namespace GenCluster.Collectives.Tests.Gangs;

public sealed class JoinTests
{
    private static readonly GangPlan Pair = Vectors.Even(2, 2, 64);

    [Fact]
    public async Task A_member_that_comes_first_dials_again_until_the_other_has_its_order()
    {
        using var pair = Loopback.Listening(Pair, options: new() { HoldLimit = TimeSpan.FromMilliseconds(1) });
        var first = pair.JoinAsync(pair.Invitation(1), new GangOptions { RedialAfter = TimeSpan.FromMilliseconds(1) });
        while (pair.Listeners[0].Counters.Refused(HelloRefusal.NotExpected) < 3)
        {
            first.IsCompleted.ShouldBeFalse();
            await Task.Delay(1);
        }

        using var second = await pair.JoinAsync(pair.Invitation(0)).WaitAsync(Loopback.Patience);

        using var gang = await first.WaitAsync(Loopback.Patience);
    }

    [Fact]
    public async Task A_training_thread_may_join_by_blocking()
    {
        using var pair = Loopback.Listening(Pair);

        var joins = Enumerable.Range(0, 2).Select(member => Loopback.OnOwnThread(() => WiredGang.Join(pair.Invitation(member), pair.Memories[member], pair.Listeners[member])));

        foreach (var gang in await Task.WhenAll(joins).WaitAsync(Loopback.Patience))
        {
            gang.Dispose();
        }
    }

    [Fact]
    public async Task A_process_can_be_in_several_gangs_at_once()
    {
        using var listener = new GangListener(IPAddress.Loopback);
        using var other = new GangListener(IPAddress.Loopback);

        var memories = Enumerable.Range(0, 4).Select(_ => new VectorMemory(64, 2)).ToArray();
        var joins = memories.Select((memory, i) => WiredGang.JoinAsync(Invitation(i < 2 ? "a" : "b", i % 2), memory, i % 2 == 0 ? listener : other));
        Array.ForEach(await Task.WhenAll(joins).WaitAsync(Loopback.Patience), gang => gang.Dispose());
        Array.ForEach(memories, memory => memory.Dispose());

        listener.Counters.Accepted.ShouldBe(2);

        GangInvitation Invitation(string trial, int member) => new()
        {
            Trial = trial,
            Epoch = 1,
            Member = member,
            EndPoints = [listener.EndPoint, other.EndPoint],
            Secret = Loopback.Secret,
            Plan = Pair,
        };
    }

    [Fact]
    public async Task Who_is_not_there_by_the_deadline_is_named()
    {
        using var trio = Loopback.Listening(Vectors.Even(4, 3, 64));
        trio.Listeners[0].Dispose();

        var join = trio.JoinAsync(trio.Invitation(1), new GangOptions { JoinDeadline = TimeSpan.FromMilliseconds(200) });

        var broken = await Should.ThrowAsync<GangBrokenException>(() => join.WaitAsync(Loopback.Patience));
        broken.Reason.ShouldBe(GangBreak.Deadline);
        broken.Message.ShouldBe("member 1: joining trial 'trial-7', epoch 5: not there after 0.2 s: members 0, 2");
    }

    [Fact]
    public async Task Cancelling_closes_what_was_connected_and_frees_the_place()
    {
        using var trio = Loopback.Listening(Vectors.Even(4, 3, 64));
        using var stop = new CancellationTokenSource();
        var join = trio.JoinAsync(trio.Invitation(0), cancellation: stop.Token);
        using var connected = await RawPeer.JoinAsync(trio.Invitation(1), 0);

        await stop.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => join);
        connected.ShouldBeClosed();
        await trio.JoinAsync(default(GangOptions), [0, 1, 2]);
    }

    [Fact]
    public async Task A_listener_that_does_not_know_the_secret_is_not_joined()
    {
        using var pair = Loopback.Listening(Pair);
        using var stop = new CancellationTokenSource();
        var other = pair.JoinAsync(pair.Invitation(0) with { Secret = new byte[32] }, cancellation: stop.Token);

        var broken = await Should.ThrowAsync<GangBrokenException>(() => pair.JoinAsync(pair.Invitation(1)));

        (broken.Reason, broken.Refusal, broken.Peer).ShouldBe((GangBreak.Refused, HelloRefusal.Secret, 0));
        broken.Message.ShouldBe(
            $"member 1: joining trial 'trial-7', epoch 5: whoever listens as member 0 does not know the secret (member 0 at {pair.Listeners[0].EndPoint})");
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => other);
    }

    [Fact]
    public async Task An_epoch_that_is_over_is_refused_for_good()
    {
        using var pair = await Loopback.JoinedAsync(Pair);

        using var memory = new VectorMemory(64, 2);
        var broken = await Should.ThrowAsync<GangBrokenException>(
            () => WiredGang.JoinAsync(pair.Invitation(1) with { Epoch = 4 }, memory, pair.Listeners[1]).WaitAsync(Loopback.Patience));

        (broken.Reason, broken.Refusal).ShouldBe((GangBreak.Refused, HelloRefusal.StaleEpoch));
        pair.Listeners[0].Counters.Refused(HelloRefusal.StaleEpoch).ShouldBe(1);
    }

    [Fact]
    public async Task An_ended_gang_makes_room_for_the_next_epoch()
    {
        using var pair = await Loopback.JoinedAsync(Pair);
        foreach (var gang in pair.Gangs)
        {
            gang.Dispose();
        }

        var joins = Enumerable.Range(0, 2).Select(member => pair.JoinAsync(pair.Invitation(member) with { Epoch = 6 }));

        Array.ForEach(await Task.WhenAll(joins).WaitAsync(Loopback.Patience), gang => gang.Dispose());
    }

    [Fact]
    public async Task Impossible_invitations_are_refused_before_anything_is_dialled()
    {
        using var pair = Loopback.Listening(Pair);
        var good = pair.Invitation(0);

        await Refuses(good with { Secret = new byte[31] }, "the secret has 31 bytes; it must have 32");
        await Refuses(good with { Trial = new string('ü', 129) }, "the trial's id has 258 bytes; 1 to 256 are allowed");
        await Refuses(good with { Member = 2 }, "member 2 is not in the plan; its members are 0 to 1");
        await Refuses(good with { EndPoints = [good.EndPoints[0]] }, "there are 1 endpoints for the plan's 2 members; give one for each");

        async Task Refuses(GangInvitation invitation, string message)
        {
            var error = await Should.ThrowAsync<ArgumentException>(() => WiredGang.JoinAsync(invitation, pair.Memories[0], pair.Listeners[0]));
            error.Message.ShouldEndWith(message);
        }
    }

    [Fact]
    public async Task The_same_gang_is_joined_once_and_a_memory_serves_one_gang()
    {
        using var pair = await Loopback.JoinedAsync(Pair);
        using var memory = new VectorMemory(64, 2);

        (await Should.ThrowAsync<InvalidOperationException>(() => WiredGang.JoinAsync(pair.Invitation(0), memory, pair.Listeners[0]))).Message
            .ShouldBe("this worker is in the gang of trial 'trial-7', epoch 5, already");
        (await Should.ThrowAsync<InvalidOperationException>(() => pair.JoinAsync(pair.Invitation(0) with { Epoch = 6 }))).Message
            .ShouldStartWith("this memory is in use by a gang");
    }
}
