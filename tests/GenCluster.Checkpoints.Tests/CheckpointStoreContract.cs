using System.Security.Cryptography;
using GenCluster.Core.Checkpoints;

namespace GenCluster.Checkpoints.Tests;

/// <summary>What every store of checkpoints keeps to.</summary>
public abstract class CheckpointStoreContract
{
    /// <summary>The store under test, for a writer with this space; each call opens it anew, on the same blobs.</summary>
    protected abstract ICheckpointStore Open(long space = 7);

    protected static void Write(Stream stream, params ReadOnlySpan<byte> bytes) => stream.Write(bytes);

    [Fact]
    public void Gives_back_what_was_put()
    {
        byte[] bytes = [.. Enumerable.Range(0, 300_000).Select(x => (byte)(x * 7))];

        var blob = Open().Put("generator.weights", x =>
        {
            x.Write(bytes.AsSpan(0, 100_000));
            x.Write(bytes, 100_000, 200_000);
        });

        blob.ShouldBe(new BlobRef("generator.weights", Convert.ToHexStringLower(SHA256.HashData(bytes)), bytes.Length, 7));
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

        var blob = new BlobRef("a", Convert.ToHexStringLower(SHA256.HashData([1, 2, 3])), 3, 7);
        Should.Throw<CorruptBlobException>(() => Open().Get(blob)).Blob.ShouldBe(blob);
    }

    [Fact]
    public void Says_that_a_blob_is_missing()
    {
        var blob = new BlobRef("a", new string('0', 64), 3, 7);

        Should.Throw<CorruptBlobException>(() => Open().Get(blob)).Message.ShouldContain("missing");
    }

    [Theory]
    [InlineData("")]
    [InlineData("../../etc/passwd")]
    [InlineData("ABCDEF0000000000000000000000000000000000000000000000000000000000")]
    public void Refuses_a_name_that_is_no_hash(string name) =>
        Should.Throw<CorruptBlobException>(() => Open().Get(new BlobRef("a", name, 3)));

    [Fact]
    public void Equal_content_in_another_space_is_another_blob()
    {
        var (first, second) = (Open(7).Put("a", x => Write(x, 1, 2, 3)), Open(8).Put("a", x => Write(x, 1, 2, 3)));

        second.ShouldBe(first with { Space = 8 });
        Open(9).Sweep(key => key == first.Key).ShouldBe(1);

        Open(9).Get(second).ShouldBe([1, 2, 3]);
        Should.Throw<CorruptBlobException>(() => Open(9).Get(first));
    }

    [Fact]
    public void A_sweep_asks_about_every_blob_of_every_space_and_removes_the_garbage()
    {
        var blobs = Enumerable.Range(0, 9).Select(i => Open(i + 1).Put("a", x => Write(x, (byte)i, 1))).ToList();
        var asked = new List<BlobKey>();

        int removed = Open().Sweep(key =>
        {
            if (key.Sha256 != BlobKey.Unfinished)
                asked.Add(key);
            return key.Space % 2 == 0;
        });

        removed.ShouldBe(4);
        asked.Distinct().ShouldBe(blobs.Select(blob => blob.Key), ignoreOrder: true);
        foreach (var blob in blobs.Where(blob => blob.Space % 2 == 1))
            Open().Get(blob).Length.ShouldBe(2);
        foreach (var blob in blobs.Where(blob => blob.Space % 2 == 0))
            Should.Throw<CorruptBlobException>(() => Open().Get(blob));
        Open().Sweep(_ => false).ShouldBe(0);
    }

    [Fact]
    public void A_blob_that_was_removed_can_be_put_again()
    {
        var blob = Open().Put("a", x => Write(x, 1, 2, 3));
        Open().Sweep(_ => true).ShouldBe(1);

        Open().Put("a", x => Write(x, 1, 2, 3)).ShouldBe(blob);

        Open().Get(blob).ShouldBe([1, 2, 3]);
    }

    [Fact]
    public void There_is_nothing_to_remove_from_an_empty_store() => Open().Sweep(_ => true).ShouldBe(0);
}
