using GenCluster.Collectives.Feeds;
using GenCluster.Collectives.Frames;
using GenCluster.Collectives.Hellos;
using GenCluster.Collectives.Tests.Support;
using GenCluster.TestDraws;

namespace GenCluster.Collectives.Tests.Frames;

/// <summary>Whatever a peer sends: a message, or the one typed exception; and no memory by a number of the peer's.</summary>
public sealed class FuzzTests
{
    private const int FewRounds = 10_000;

    [Fact]
    public void Frame_headers_of_any_bytes_give_a_header_or_the_typed_exception()
    {
        byte[][] seeds = [Golden.Read("frame-partial"), Golden.Read("frame-sum")];

        Fuzz(seeds, bytes => FrameHeader.Read(bytes));
    }

    [Fact]
    public void Hello_messages_of_any_bytes_give_a_message_or_the_typed_exception()
    {
        byte[][] seeds = [.. new[] { "hello", "welcome", "proof", "ready", "refused" }.Select(name => Golden.Read("hello-" + name)[3..])];

        Fuzz(seeds, bytes => HelloCodec.Read(bytes));
    }

    [Fact]
    public void Feed_headers_of_any_bytes_give_a_header_or_the_typed_exception() =>
        Fuzz([Golden.Read("feed-header")], bytes => FeedHeader.Read(bytes));

    private static void Fuzz(byte[][] seeds, Action<byte[]> read)
    {
        var random = new Random(20240607);
        foreach (var round in Draws.Rounds(FewRounds))
        {
            var bytes = Mutate(random, seeds[random.Next(seeds.Length)]);
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                read(bytes);
            }
            catch (ProtocolException)
            {
                // As it should be.
            }
            catch (Exception e)
            {
                Assert.Fail($"round {round}, bytes {Convert.ToHexStringLower(bytes)}: {e}");
            }

            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            if (allocated > 64 * 1024)
            {
                Assert.Fail($"round {round}, bytes {Convert.ToHexStringLower(bytes)}: {allocated} bytes were allocated");
            }
        }
    }

    internal static byte[] Mutate(Random random, byte[] seed)
    {
        var bytes = (byte[])seed.Clone();
        switch (random.Next(4))
        {
            case 0:
                random.NextBytes(bytes);
                break;
            case 1:
                Array.Resize(ref bytes, random.Next(bytes.Length + 20));
                break;
            case 2:
                bytes.AsSpan(random.Next(bytes.Length)).Fill((byte)random.Next(256));
                break;
            default:
                for (var flips = random.Next(1, 5); flips > 0; flips--)
                {
                    bytes[random.Next(bytes.Length)] = (byte)random.Next(0x80, 0x100); // MessagePack's type codes live here
                }

                break;
        }

        return bytes;
    }
}
