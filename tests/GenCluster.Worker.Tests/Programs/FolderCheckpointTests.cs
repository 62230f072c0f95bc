using System.Text;
using GenCluster.Core.Checkpoints;
using GenCluster.Checkpoints;
using GenCluster.Worker.Programs;

namespace GenCluster.Worker.Tests.Programs;

public sealed class FolderCheckpointTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("gencluster-test-").FullName;
    private readonly DirectoryCheckpointStore store;

    public FolderCheckpointTests()
    {
        store = new DirectoryCheckpointStore(Path.Combine(root, "blobs"), 1);
        Directory.CreateDirectory(From);
        Directory.CreateDirectory(To);
    }

    private string From => Path.Combine(root, "from");

    private string To => Path.Combine(root, "to");

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public void Files_come_back_with_their_content_their_place_and_their_mode()
    {
        Write("state.json", "{}");
        Write("empty", "");
        Write("deep/er/weights.bin", new string('w', 200_000));
        Write("run.sh", "#!/bin/sh\n");
        Posix.SetMode(Path.Combine(From, "run.sh"), (UnixFileMode)0x1ED);
        Write("unfinished.tmp", "half");
        File.CreateSymbolicLink(Path.Combine(From, "latest"), "state.json");

        var (blobs, _) = Save();

        FolderCheckpoint.Load(To, new CheckpointManifest(1, blobs, ""), store).ShouldBe(4);
        FolderListing.Of(To).Select(f => (f.Path, f.Length, f.Mode)).ShouldBe(
            FolderListing.Of(From).Select(f => (f.Path, f.Length, f.Mode)));
        FolderListing.Of(To).Select(f => f.Path).ShouldBe(["deep/er/weights.bin", "empty", "run.sh", "state.json"]);
        File.ReadAllText(Path.Combine(To, "deep/er/weights.bin")).ShouldBe(new string('w', 200_000));
    }

    [Fact]
    public void A_large_file_that_did_not_change_is_not_stored_again()
    {
        Write("large", new string('x', 100_000));
        Write("small", "1");
        var first = Save().Blobs;
        Write("small", "2");
        var second = Save().Blobs;

        second.Single(b => b.Name == "file-00").ShouldBe(first.Single(b => b.Name == "file-00"));
        second.Single(b => b.Name == "small").Sha256.ShouldNotBe(first.Single(b => b.Name == "small").Sha256);
    }

    [Fact]
    public void However_many_files_there_are_they_fit_in_a_manifest()
    {
        for (int i = 0; i < 100; i++)
            Write($"file {i}", new string((char)('a' + (i % 26)), 70_000));

        var blobs = Save().Blobs;

        blobs.Length.ShouldBeLessThanOrEqualTo(32);
        FolderCheckpoint.Load(To, new CheckpointManifest(1, blobs, ""), store).ShouldBe(100);
        File.ReadAllText(Path.Combine(To, "file 99")).ShouldBe(File.ReadAllText(Path.Combine(From, "file 99")));
    }

    [Fact]
    public void The_hash_is_that_of_names_and_contents()
    {
        Write("b", "2");
        Write("a", "1");
        string expected = string.Concat(new[] { "a", "b" }.Select(name => $"{Sha256(Path.Combine(From, name))}  {name}\n"));

        Save().Sha256.ShouldBe(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(expected))));
        File.SetLastWriteTimeUtc(Path.Combine(From, "a"), DateTime.UnixEpoch);
        string before = Save().Sha256;
        File.Move(Path.Combine(From, "a"), Path.Combine(From, "c"));
        Save().Sha256.ShouldNotBe(before);
    }

    [Fact]
    public void A_folder_that_changes_meanwhile_is_not_stored()
    {
        Write("a", "1");
        var listing = FolderListing.Of(From);
        Write("a", "12");

        Should.Throw<FolderChangedException>(() => FolderCheckpoint.Save(From, listing, store));
        File.Delete(Path.Combine(From, "a"));
        Should.Throw<FolderChangedException>(() => FolderCheckpoint.Save(From, listing, store)).Message.ShouldContain("'a' went away");
    }

    [Theory]
    [InlineData("../escaped")]
    [InlineData("/tmp/escaped-gencluster")]
    [InlineData("a/../../escaped")]
    public void A_file_never_leaves_the_folder(string path)
    {
        var small = store.Put("small", stream => stream.Write("x"u8));
        string index = $$"""[{"Path":"{{path}}","Mode":420,"Sha256":"","Blob":"small","Offset":0,"Length":1}]""";
        var of = store.Put("index", stream => stream.Write(Encoding.UTF8.GetBytes(index)));

        Should.Throw<CorruptBlobException>(() => FolderCheckpoint.Load(To, new CheckpointManifest(1, [small, of], ""), store));

        File.Exists(Path.GetFullPath(Path.Combine(To, path))).ShouldBeFalse();
    }

    [Fact]
    public void What_lies_beyond_the_blob_or_in_none_is_damaged()
    {
        var of = store.Put("index", stream => stream.Write("""[{"Path":"a","Mode":420,"Sha256":"","Blob":"small","Offset":0,"Length":5}]"""u8));
        var small = store.Put("small", stream => stream.Write("x"u8));

        Should.Throw<CorruptBlobException>(() => FolderCheckpoint.Load(To, new CheckpointManifest(1, [of], ""), store));
        Should.Throw<CorruptBlobException>(() => FolderCheckpoint.Load(To, new CheckpointManifest(1, [of, small], ""), store));
        Should.Throw<CorruptBlobException>(() => FolderCheckpoint.Load(To, new CheckpointManifest(1, [small], ""), store));
    }

    private (BlobRef[] Blobs, string Sha256) Save() => FolderCheckpoint.Save(From, FolderListing.Of(From), store);

    private void Write(string path, string text)
    {
        string full = Path.Combine(From, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
    }

    private static string Sha256(string path) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(path)));
}
