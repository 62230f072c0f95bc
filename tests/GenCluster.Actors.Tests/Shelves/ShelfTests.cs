using Akka.Actor;
using GenCluster.Actors.Protocol;
using GenCluster.Actors.Shelves;
using GenCluster.Actors.Tests.Support;
using GenCluster.Core.Checkpoints;
using GenCluster.Core.Identity;

namespace GenCluster.Actors.Tests.Shelves;

/// <summary>Checkpoints in the coordinator's database, through the coordinator, on a real SQLite file.</summary>
public sealed class ShelfTests : CoordinationKit
{
    private bool started;

    [Fact]
    public void Gives_back_what_was_put_and_lists_and_removes_it()
    {
        var store = Open();
        byte[] bytes = Bytes(100_000); // four pieces

        var blob = store.Put("generator.weights", x => x.Write(bytes));
        var small = Open(space: 9).Put("small", x => x.Write([1, 2, 3]));
        var empty = store.Put("nothing", _ => { });

        blob.ShouldBe(new BlobRef("generator.weights", blob.Sha256, bytes.Length, 7));
        Open().Get(blob).ShouldBe(bytes);
        Open().Get(small).ShouldBe([1, 2, 3]);
        Open().Get(empty).ShouldBeEmpty();
        List<BlobKey> listed = [];
        Open().Sweep(key =>
        {
            listed.Add(key);
            return key == blob.Key;
        }).ShouldBe(1);
        listed.ShouldBe([blob.Key, small.Key, empty.Key], ignoreOrder: true);
        Should.Throw<CorruptBlobException>(() => Open().Get(blob)).Message.ShouldContain("missing from the coordinator's database");
        Open().Get(small).ShouldBe([1, 2, 3]);
        SnapshotRows(blob).ShouldBe(0, "its bytes are gone from the database, too");
    }

    [Fact]
    public void What_is_there_already_is_shared()
    {
        var first = Open().Put("a", x => x.Write(Bytes(50_000)));

        Open().Put("b", x => x.Write(Bytes(50_000))).ShouldBe(first with { Name = "b" });

        JournalRows("shelf-fashion-1", "shelf-blob-completed/1").ShouldBe(1);
    }

    [Fact]
    public void Blobs_outlive_the_coordinator()
    {
        var blob = Open().Put("a", x => x.Write(Bytes(70_000)));

        KillCoordinator();
        StartCoordinator();

        Open().Get(blob).ShouldBe(Bytes(70_000));
    }

    [Fact]
    public void A_put_goes_on_after_the_coordinator_died_in_the_middle_of_it()
    {
        StartTrial();
        var pieces = Bytes(100_000).Chunk(ShelfState.PieceBytes).ToArray();
        string sha256 = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Bytes(100_000)));
        var probe = CreateTestProbe();
        Coordinator.Tell(new ToShelf.PutPiece(Trial, 7, sha256, 100_000, 0, pieces[0]), probe);
        Fish<FromShelf.PieceStored>(probe).IsComplete.ShouldBeFalse();

        KillCoordinator();
        StartCoordinator();

        Coordinator.Tell(new ToShelf.PutPiece(Trial, 7, sha256, 100_000, 1, pieces[1]), probe);
        Fish<FromShelf.BeginAgain>(probe);
        Should.Throw<CorruptBlobException>(() => Stores().Open(new Lease(Trial, 7), default).Get(new BlobRef("a", sha256, 100_000, 7)));
        var blob = Stores().Open(new Lease(Trial, 7), default).Put("a", x => x.Write(Bytes(100_000)));
        Stores().Open(new Lease(Trial, 7), default).Get(blob).ShouldBe(Bytes(100_000));
    }

    [Fact]
    public void A_put_that_was_given_up_is_found_and_cleared_away()
    {
        StartTrial();
        var probe = CreateTestProbe();
        Coordinator.Tell(new ToShelf.PutPiece(Trial, 5, new string('a', 64), 100_000, 0, new byte[ShelfState.PieceBytes]), probe);
        Fish<FromShelf.PieceStored>(probe);

        Stores().Open(new Lease(Trial, 7), default).Sweep(key => key.Space == 5).ShouldBe(1);

        SnapshotRows(new BlobRef("a", new string('a', 64), 100_000, 5)).ShouldBe(0);
    }

    [Fact]
    public void A_blob_swapped_for_another_is_noticed_and_so_is_one_that_lost_its_bytes()
    {
        var (a, b) = (Open().Put("a", x => x.Write([1, 2, 3])), Open().Put("b", x => x.Write([4, 5, 6])));
        ChangeJournal($"DELETE FROM snapshot WHERE persistence_id LIKE '%{a.Sha256}'; UPDATE snapshot SET persistence_id = 'blob-fashion-1-7-{a.Sha256}'");

        Should.Throw<CorruptBlobException>(() => Open().Get(a)).Message.ShouldContain("damaged in the coordinator's database");
        Should.Throw<CorruptBlobException>(() => Open().Get(b)).Message.ShouldContain("missing from the coordinator's database");
    }

    [Fact]
    public void What_is_too_large_for_a_database_is_refused_with_the_places_that_take_it()
    {
        var store = Open();

        Should.Throw<IOException>(() => store.Put("generator.weights", x => x.Write(new byte[ShelfState.MaxBlobBytes + 1]))).Message.ShouldBe(
            "blob 'generator.weights' is larger than 8 MiB, the most that the coordinator's database takes; give the workers another place with --checkpoints: "
            + CheckpointAddress.Forms);
    }

    [Fact]
    public void Without_a_coordinator_it_gives_up_in_the_end()
    {
        var stores = new JournalCheckpointStores([$"akka://{Sys.Name}"], TimeSpan.FromMilliseconds(1), TimeProvider.System);
        stores.Attach(Sys);

        Should.Throw<IOException>(() => stores.Open(new Lease(Trial, 7), default).Put("a", x => x.Write([1])))
            .Message.ShouldStartWith("the checkpoints of trial fashion/1 in the coordinator's database are out of reach: ");
    }

    private static TrialId Trial => new(Samples.Sweep, 1);

    private static byte[] Bytes(int count) => [.. Enumerable.Range(0, count).Select(i => (byte)(i * 7))];

    private ICheckpointStore Open(long space = 7)
    {
        if (!started)
            StartTrial();
        return Stores().Open(new Lease(Trial, space), default);
    }

    private void StartTrial()
    {
        started = true;
        StartCoordinator();
        TakeOrder(CreateTestProbe(), Samples.Spec(maxTrials: 1, parallelTrials: 1));
    }

    private JournalCheckpointStores Stores()
    {
        var stores = new JournalCheckpointStores([$"akka://{Sys.Name}"], TimeSpan.FromSeconds(60), TimeProvider.System);
        stores.Attach(Sys);
        return stores;
    }

    private int SnapshotRows(BlobRef blob) => Count($"SELECT count(*) FROM snapshot WHERE persistence_id = 'blob-fashion-1-{blob.Space}-{blob.Sha256}'");
}
