using GenCluster.Training.Data;
using GenCluster.Checkpoints.Tests;

namespace GenCluster.Training.Tests.Data;

public sealed class IdxImagesTests : IDisposable
{
    private static readonly byte[] Sound = Idx.File(5, 4, 3);
    private static readonly IdxContent Expected = Idx.Content(5, 4, 3, Sound);

    private readonly TempFolder folder = new();

    public static TheoryData<string, byte[], string> Faults => new()
    {
        { "an empty file", [], "is truncated: it ends within its header" },
        { "half a header", Sound[..9], "is truncated: it ends within its header" },
        { "labels", Idx.Build(0x801, 5, 0, 0, []), "is not an IDX file of images: it begins with 0x00000801 where 0x00000803 is expected" },
        { "text", "<html>not found</html>"u8.ToArray(), "is not an IDX file of images" },
        { "fewer images", Idx.File(4, 4, 3), "holds 4 images of 4x3 where 5 of 4x3 are expected" },
        { "turned images", Idx.File(5, 3, 4), "holds 5 images of 3x4 where" },
        { "cut pixels", Sound[..^1], "is truncated: it claims 60 bytes of pixels" },
        { "cut pixels, packed", Idx.Packed(Sound[..^1]), "is truncated: it claims 60 bytes of pixels and holds 59" },
        { "something after", [.. Sound, 0], "goes on after its last image" },
        { "one pixel changed", [.. Sound[..^1], (byte)(Sound[^1] + 1)], "has other content than expected (sha256 " },
        { "a packed file cut", Idx.Packed(Sound)[..^20], "" },
        { "a packed file damaged", Damaged(Idx.Packed(Sound)), "" },
    };

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Reads_packed_and_plain_files_alike()
    {
        File.WriteAllBytes(folder["plain"], Sound);
        File.WriteAllBytes(folder["packed"], Idx.Packed(Sound));

        var plain = IdxImages.Read(folder["plain"], Expected);

        (plain.Count, plain.Height, plain.Width).ShouldBe((5, 4, 3));
        plain.Pixels.ShouldBe(Sound[16..]);
        IdxImages.Read(folder["packed"], Expected).Pixels.ShouldBe(plain.Pixels);
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public void Says_in_one_sentence_what_is_wrong_and_where(string fault, byte[] bytes, string reason)
    {
        string path = folder["train-images-idx3-ubyte"];
        File.WriteAllBytes(path, bytes);

        string message = Should.Throw<DataException>(() => IdxImages.Read(path, Expected), fault).Message;

        message.ShouldStartWith($"'{path}' {reason}");
        message.ShouldEndWith("get the file anew, or let data.path name a folder that holds it");
        message.ShouldNotContain('\n');
    }

    [Fact]
    public void Says_that_there_is_no_such_file()
    {
        Should.Throw<DataException>(() => IdxImages.Read(folder["none"])).Message.ShouldStartWith($"'{folder["none"]}' does not exist");
        Should.Throw<DataException>(() => IdxImages.Read(folder["none", "none"])).Message.ShouldContain("does not exist");
        Should.Throw<DataException>(() => IdxImages.Read(folder.Path)).Message.ShouldContain("cannot be read");
    }

    [Theory]
    [InlineData(1_000_000u, 28u, 28u)]
    [InlineData(uint.MaxValue, uint.MaxValue, uint.MaxValue)]
    [InlineData(0u, 28u, 28u)]
    [InlineData(40_000_000u, 5u, 5u)]
    public void Takes_no_memory_for_images_that_a_file_cannot_hold(uint count, uint height, uint width)
    {
        var file = Idx.File(count, height, width, new byte[100]);
        foreach (byte[] bytes in new[] { file, Idx.Packed(file) })
        {
            File.WriteAllBytes(folder["file"], bytes);
            long before = GC.GetAllocatedBytesForCurrentThread();

            Should.Throw<DataException>(() => IdxImages.Read(folder["file"]));

            (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(1_000_000);
        }
    }

    private static byte[] Damaged(byte[] bytes)
    {
        for (int i = 12; i < bytes.Length - 8; i++)
            bytes[i] ^= 0x5a;
        return bytes;
    }
}
