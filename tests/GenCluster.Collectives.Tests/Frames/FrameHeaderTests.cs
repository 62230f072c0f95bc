using GenCluster.Collectives.Frames;
using GenCluster.Collectives.Memory;
using GenCluster.Collectives.Tests.Support;

namespace GenCluster.Collectives.Tests.Frames;

public sealed class FrameHeaderTests
{
    private static readonly FrameHeader Partial = new(FrameKind.Partial, 3, new CollectivePlace(4711, 1, 2), 17, 6, 123_456_789_012, 0xDEADBEEF, 262144);
    private static readonly FrameHeader Sum = new(
        FrameKind.Sum, long.MaxValue, new CollectivePlace(long.MaxValue, int.MaxValue, int.MaxValue), int.MaxValue, 1, long.MaxValue, uint.MaxValue, 4);

    [Fact]
    public void Bytes_of_each_kind_are_golden()
    {
        RawPeer.Bytes(Partial).ShouldBeGolden("frame-partial");
        RawPeer.Bytes(Sum).ShouldBeGolden("frame-sum");
    }

    [Fact]
    public void Golden_bytes_are_read_back()
    {
        FrameHeader.Read(Golden.Read("frame-partial")).ShouldBe(Partial);
        FrameHeader.Read(Golden.Read("frame-sum")).ShouldBe(Sum);
    }

    [Fact]
    public void Every_header_has_the_same_size()
    {
        RawPeer.Bytes(default(FrameHeader) with { Kind = FrameKind.Sum }).Length.ShouldBe(FrameHeader.Size);
        RawPeer.Bytes(Sum).Length.ShouldBe(FrameHeader.Size);
    }

    [Theory]
    [InlineData(0, 0x9a, "a message has 10 fields, not 11")]
    [InlineData(0, 0xab, "a frame header is not the MessagePack array of 11 that it must be")]
    [InlineData(0, 0xdd, "a frame header is not the MessagePack array of 11 that it must be")]
    [InlineData(2, 9, "the peer speaks data plane version 9, this worker 2; run the same GenCluster release on all workers")]
    [InlineData(4, 99, "frame kind 99 is unknown; this version knows 16 and 17")]
    [InlineData(FrameHeader.Size - 5, 0xc4, "a frame's payload has type code 0xc4, not bin32")]
    public void Says_what_is_wrong_with_a_header(int at, byte value, string message)
    {
        var bytes = RawPeer.Bytes(Partial);
        bytes[at] = value;

        Should.Throw<ProtocolException>(() => FrameHeader.Read(bytes)).Message.ShouldBe(message);
    }

    [Theory]
    [InlineData("", 0u)]
    [InlineData("123456789", 0xE3069283u)] // the check value of the CRC catalogue
    public void Checksum_is_crc32c(string text, uint expected)
    {
        Crc32C.Of(System.Text.Encoding.ASCII.GetBytes(text)).ShouldBe(expected);
    }
}
