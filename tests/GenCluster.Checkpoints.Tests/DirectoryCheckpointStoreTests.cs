using System.Globalization;
using GenCluster.Core.Checkpoints;
using GenCluster.Checkpoints;

namespace GenCluster.Checkpoints.Tests;

public sealed class DirectoryCheckpointStoreTests : CheckpointStoreContract, IDisposable
{
    private readonly TempFolder folder = new();

    private string Store => folder["runs", "sweep", "checkpoints"];

    public void Dispose() => folder.Dispose();

    protected override ICheckpointStore Open(long space = 7) => new DirectoryCheckpointStore(Store, space);

    [Fact]
    public void Is_a_folder_of_files_named_by_their_hash()
    {
        var blob = Open().Put("a", x => Write(x, 1, 2, 3));

        Directory.GetFiles(Store, "*", SearchOption.AllDirectories).ShouldBe([Path.Combine(Store, "0007", "039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81")]);
        blob.Sha256.ShouldBe("039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81");
    }

    [Fact]
    public void Reads_and_clears_away_what_the_first_releases_left()
    {
        Directory.CreateDirectory(Store);
        string path = Path.Combine(Store, "039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81");
        File.WriteAllBytes(path, [1, 2, 3]);

        Open().Get(new BlobRef("a", Path.GetFileName(path), 3)).ShouldBe([1, 2, 3]);

        Open().Sweep(key => key.Space == 0).ShouldBe(1);
        File.Exists(path).ShouldBeFalse();
    }

    [Fact]
    public void Folders_of_spaces_go_when_they_are_empty()
    {
        Open(3).Put("a", x => Write(x, 1));
        Open(5).Put("a", x => Write(x, 1));

        Open(6).Sweep(key => key.Space == 3);

        Directory.GetDirectories(Store).Select(Path.GetFileName).ShouldBe(["0005"]);
    }

    [Fact]
    public void Does_not_write_a_shared_blob_again()
    {
        var blob = Open().Put("a", x => Write(x, 1, 2, 3));
        var written = new DateTime(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(PathOf(blob), written);

        Open().Put("b", x => Write(x, 1, 2, 3));

        File.GetLastWriteTimeUtc(PathOf(blob)).ShouldBe(written);
        Directory.GetFiles(Path.Combine(Store, "0007")).Length.ShouldBe(1);
    }

    [Fact]
    public void Mends_a_truncated_blob_when_it_is_put_again()
    {
        var blob = Open().Put("a", x => Write(x, 1, 2, 3));
        File.WriteAllBytes(PathOf(blob), [1, 2]);

        Open().Put("a", x => Write(x, 1, 2, 3));

        Open().Get(blob).ShouldBe([1, 2, 3]);
    }

    [Theory]
    [InlineData(new byte[] { 1, 2 }, "truncated (2 bytes, not 3)")]
    [InlineData(new byte[0], "truncated (0 bytes, not 3)")]
    [InlineData(new byte[] { 1, 2, 3, 4 }, "too long (4 bytes, not 3)")]
    [InlineData(new byte[] { 1, 2, 2 }, "damaged")]
    public void Refuses_other_content(byte[] content, string reason)
    {
        var blob = Open().Put("generator.weights", x => Write(x, 1, 2, 3));
        File.WriteAllBytes(PathOf(blob), content);

        string message = Should.Throw<CorruptBlobException>(() => Open().Get(blob)).Message;

        message.ShouldContain(reason);
        message.ShouldContain("generator.weights");
        message.ShouldContain(Store);
    }

    [Fact]
    public void Refuses_a_blob_swapped_for_another()
    {
        var (a, b) = (Open().Put("a", x => Write(x, 1, 2, 3)), Open().Put("b", x => Write(x, 4, 5, 6)));
        File.Copy(PathOf(b), PathOf(a), overwrite: true);

        Should.Throw<CorruptBlobException>(() => Open().Get(a)).Message.ShouldContain("damaged");
        Open().Get(b).ShouldBe([4, 5, 6]);
    }

    [Fact]
    public void Removes_stale_temporary_files_and_leaves_alone_what_is_not_its_own()
    {
        var blob = Open().Put("a", x => Write(x, 1));
        string stale = Path.Combine(Store, "0007", ".blob.dead.tmp"), newer = Path.Combine(Store, "0008", ".blob.dead.tmp");
        string[] foreign = [Path.Combine(Store, "notes.txt"), Path.Combine(Store, "0007", "notes.txt"), Path.Combine(Store, "7", new string('a', 64))];
        foreach (string path in (string[])[stale, newer, .. foreign])
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, [1]);
        }

        Open().Sweep(key => key.Space <= 7);

        File.Exists(PathOf(blob)).ShouldBeFalse();
        File.Exists(stale).ShouldBeFalse();
        File.Exists(newer).ShouldBeTrue("its space is not this collector's");
        foreign.ShouldAllBe(path => File.Exists(path));
    }

    [Fact]
    public void Does_not_remove_a_temporary_file_that_is_being_written()
    {
        var blob = Open().Put("a", x =>
        {
            Write(x, 1, 2);
            Open().Sweep(_ => true);
            Write(x, 3);
        });

        Open().Get(blob).ShouldBe([1, 2, 3]);
    }

    [Fact]
    public void Says_that_no_space_is_left_and_where_and_leaves_nothing_behind()
    {
        FullDisk.SkipWhereThereIsNone();
        var store = new DirectoryCheckpointStore(Store, 7, temp =>
        {
            FullDisk.LinkAt(temp);
            return new FileStream(temp, FileMode.Open, FileAccess.ReadWrite);
        });

        var failure = Should.Throw<StorageException>(() => store.Put("a", x => x.Write(new byte[100_000])));

        failure.Message.ShouldBe($"'{Store}' cannot be written: no space left on device; free some space, then go on");
        Directory.GetFileSystemEntries(Path.Combine(Store, "0007")).ShouldBeEmpty();
    }

    [Fact]
    public void Says_that_its_folder_cannot_be()
    {
        File.WriteAllText(folder["file"], "");

        Should.Throw<StorageException>(() => new DirectoryCheckpointStore(folder["file", "blobs"], 7).Put("a", x => Write(x, 1)))
            .Message.ShouldBe($"'{folder["file"]}' cannot be written: a file is where a folder must be; move it away, or choose another folder");
    }

    private string PathOf(BlobRef blob) => Path.Combine(Store, blob.Space.ToString("0000", CultureInfo.InvariantCulture), blob.Sha256);
}
