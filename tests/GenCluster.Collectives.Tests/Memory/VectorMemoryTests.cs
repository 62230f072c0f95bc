using GenCluster.Collectives.Memory;
using GenCluster.Collectives.Native;

namespace GenCluster.Collectives.Tests.Memory;

public sealed class VectorMemoryTests
{
    [Fact]
    public void Slots_are_zeros_on_pages_of_their_own()
    {
        using var memory = new VectorMemory(1500, 8);

        memory.Slots.ShouldBe(8);
        Enumerable.Range(0, 8).Select(slot => memory.AddressOf(slot) % 4096).ShouldAllBe(offset => offset == 0);
        memory.Slot(7).Length.ShouldBe(1500);
        memory.Slot(7)[1499] = 3;
        memory.Slot(6).ToArray().ShouldAllBe(value => value == 0);
        memory.Slot(7)[1499].ShouldBe(3);
    }

    [Fact]
    public void Slots_that_are_never_touched_cost_nothing()
    {
        using var memory = new VectorMemory(256 << 20, 4096); // 26 slots of 1 GiB

        memory.Slot(25)[^1] = 1;

        memory.Slot(25)[^1].ShouldBe(1);
    }

    [Fact]
    public void An_empty_vector_has_a_slot_too()
    {
        using var memory = new VectorMemory(0, 1);

        memory.Slot(0).Length.ShouldBe(0);
        memory.AddressOf(1).ShouldNotBe(memory.AddressOf(0));
    }

    [Fact]
    public void A_peer_that_has_mapped_it_sees_the_same_until_it_is_withdrawn()
    {
        using var memory = new VectorMemory(100, 2);
        memory.Share();
        using var peer = PeerMemory.TryMap(MemoryOffer.Of(memory), 100, 4).ShouldNotBeNull();

        memory.Slot(0)[5] = 7;
        First(peer, 5).ShouldBe(7);
        memory.Withdraw();
        Write(peer, 5, 8);

        memory.Slot(0)[5].ShouldBe(0, "a member of an older gang must not reach the owner any more");

        static unsafe float First(PeerMemory peer, int index) => ((float*)peer.Slots)[index];
        static unsafe void Write(PeerMemory peer, int index, float value) => ((float*)peer.Slots)[index] = value;
    }

    [Fact]
    public void Only_what_was_offered_is_mapped()
    {
        using var memory = new VectorMemory(100, 2);
        var offer = MemoryOffer.Of(memory);
        using var file = File.OpenHandle(typeof(VectorMemoryTests).Assembly.Location);

        PeerMemory.TryMap(offer with { Token = new byte[32] }, 100, 4).ShouldBeNull();
        PeerMemory.TryMap(offer with { Process = 0 }, 100, 4).ShouldBeNull();
        PeerMemory.TryMap(offer with { File = (int)file.DangerousGetHandle() }, 100, 4).ShouldBeNull("a file that can shrink would end this process");
        PeerMemory.TryMap(offer with { File = int.MaxValue }, 100, 4).ShouldBeNull();
        PeerMemory.TryMap(MemoryOffer.None, 100, 4).ShouldBeNull();
        PeerMemory.TryMap(offer, 1025, 4).ShouldBeNull("its slots are one page, too small for that");
        PeerMemory.TryMap(offer, 100, 5).ShouldBeNull();
    }

    [Fact]
    public void A_peer_cannot_change_its_size()
    {
        using var memory = new VectorMemory(100, 2);

        Libc.Truncate((int)memory.File!.DangerousGetHandle(), 0).ShouldBe(-1);
    }

    [Fact]
    public void It_has_no_name_in_any_file_system_and_leaves_no_descriptor_behind()
    {
        var memory = new VectorMemory(100, 2);
        var first = memory.File!;
        new FileInfo($"/proc/self/fd/{first.DangerousGetHandle()}").LinkTarget.ShouldStartWith("/memfd:gencluster-vectors");

        memory.Withdraw();
        var second = memory.File!;
        memory.Dispose();

        (first.IsClosed, second.IsClosed).ShouldBe((true, true));
    }

    [Fact]
    public void Refuses_what_cannot_be()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => new VectorMemory(-1, 1));
        Should.Throw<ArgumentOutOfRangeException>(() => new VectorMemory(1, 0));
        var memory = new VectorMemory(1, 1);
        Should.Throw<ArgumentOutOfRangeException>(() => memory.AddressOf(2));
        memory.Dispose();
        Should.Throw<ObjectDisposedException>(() => memory.AddressOf(0));
    }
}
