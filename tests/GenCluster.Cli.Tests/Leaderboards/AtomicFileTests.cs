using GenCluster.Cli.Leaderboards;

namespace GenCluster.Cli.Tests.Leaderboards;

public sealed class AtomicFileTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("gencluster-atomic-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void A_write_that_breaks_leaves_the_former_file()
    {
        string path = Path.Combine(folder, "file");
        AtomicFile.Write(path, stream => stream.WriteByte(1));

        var failure = Should.Throw<IOException>(() => AtomicFile.Write(path, stream =>
        {
            stream.WriteByte(2);
            throw new IOException("no space left on device");
        }));

        failure.Message.ShouldBe($"cannot write {path}: no space left on device");
        File.ReadAllBytes(path).ShouldBe([1]);
        Directory.GetFiles(folder).ShouldBe([path]);
    }

    [Fact]
    public void Replaces_what_was_there()
    {
        string path = Path.Combine(folder, "file");
        AtomicFile.Write(path, stream => stream.Write([1, 2, 3]));
        AtomicFile.Write(path, stream => stream.WriteByte(4));

        File.ReadAllBytes(path).ShouldBe([4]);
    }
}
