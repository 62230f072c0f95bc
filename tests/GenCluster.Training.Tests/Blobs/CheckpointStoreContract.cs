using System.Security.Cryptography;
using GenCluster.Core.Checkpoints;

namespace GenCluster.Training.Tests.Blobs;

/// <summary>What every store of checkpoints keeps to.</summary>
public abstract class CheckpointStoreContract
{
    /// <summary>The store under test; each call opens it anew, on the same blobs.</summary>
    protected abstract ICheckpointStore Open();

    protected static void Write(Stream stream, params ReadOnlySpan<byte> bytes) => stream.Write(bytes);

    protected static CheckpointManifest Manifest(int step, params BlobRef[] blobs) => new(step, blobs, "cpu");

    [Fact]
    public void Gives_back_what_was_put()
    {
        byte[] bytes = [.. Enumerable.Range(0, 300_000).Select(x => (byte)(x * 7))];

        var blob = Open().Put("generator.weights", x =>
        {
            x.Write(bytes.AsSpan(0, 100_000));
            x.Write(bytes, 100_000, 200_000);
        });

        blob.ShouldBe(new BlobRef("generator.weights", Convert.ToHexStringLower(SHA256.HashData(bytes)), bytes.Length));
        Open().Get(blob).ShouldBe(bytes);
    }

    [Fact]
    public void Keeps_an_empty_blob()
    {
        var blob = Open().Put("nothing", _ => { });

        blob.Length.ShouldBe(0);
        Open().Get(blob).ShouldBeEmpty();
    }

    [Fact]
    public void Shares_equal_content_under_any_name()
    {
        var first = Open().Put("a", x => Write(x, 1, 2, 3));
        var second = Open().Put("b", x => Write(x, 1, 2, 3));

        second.ShouldBe(first with { Name = "b" });
        Open().Get(second).ShouldBe([1, 2, 3]);
    }

    [Fact]
    public void Shows_nothing_of_a_blob_whose_writing_failed()
    {
        Should.Throw<InvalidTimeZoneException>(() => Open().Put("a", x =>
        {
            Write(x, 1, 2, 3);
            throw new InvalidTimeZoneException("the writer's own failure comes through");
        }));

        var blob = new BlobRef("a", Convert.ToHexStringLower(SHA256.HashData([1, 2, 3])), 3);
        Should.Throw<CorruptBlobException>(() => Open().Get(blob)).Blob.ShouldBe(blob);
    }

    [Fact]
    public void Says_that_a_blob_is_missing()
    {
        var blob = new BlobRef("a", new string('0', 64), 3);

        Should.Throw<CorruptBlobException>(() => Open().Get(blob)).Message.ShouldContain("missing");
    }

    [Theory]
    [InlineData("")]
    [InlineData("../../etc/passwd")]
    [InlineData("ABCDEF0000000000000000000000000000000000000000000000000000000000")]
    public void Refuses_a_name_that_is_no_hash(string name) =>
        Should.Throw<CorruptBlobException>(() => Open().Get(new BlobRef("a", name, 3)));

    [Fact]
    public void Retains_what_a_manifest_names_and_nothing_else()
    {
        var store = Open();
        var (old, shared, latest) = (store.Put("old", x => Write(x, 1)), store.Put("shared", x => Write(x, 2)), store.Put("new", x => Write(x, 3)));

        Open().Retain([Manifest(10, shared), Manifest(20, shared, latest)]);

        Open().Get(shared).ShouldBe([2]);
        Open().Get(latest).ShouldBe([3]);
        Should.Throw<CorruptBlobException>(() => Open().Get(old));
    }

    [Fact]
    public void Retains_nothing_of_an_empty_store() => Open().Retain([]);
}
