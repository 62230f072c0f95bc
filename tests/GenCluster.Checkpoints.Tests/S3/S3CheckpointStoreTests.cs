using Amazon.Runtime;
using GenCluster.Core.Checkpoints;
using GenCluster.Core.Identity;
using GenCluster.Checkpoints;
using GenCluster.Checkpoints.S3;

namespace GenCluster.Checkpoints.Tests.S3;

/// <summary>The store in a bucket, against a server that verifies all that it is sent and fails in all ways that servers do.</summary>
public sealed class S3CheckpointStoreTests : CheckpointStoreContract, IAsyncLifetime
{
    private const string Folder = "some/prefix/fashion/0003/";
    private const int PartBytes = 5 * 1024 * 1024;

    private static readonly S3Options Options = new()
    {
        FirstPause = TimeSpan.FromMilliseconds(1),
        LongestPause = TimeSpan.FromMilliseconds(5),
        Deadline = TimeSpan.FromMinutes(1),
        PartBytes = PartBytes,
    };

    private S3Peer peer = null!;

    public async ValueTask InitializeAsync() => peer = await S3Peer.StartAsync();

    public ValueTask DisposeAsync() => peer.DisposeAsync();

    protected override ICheckpointStore Open(long space = 7) => Open(space, Options);

    [Fact]
    public void Objects_lie_under_the_trial_and_the_space()
    {
        Open().Put("a", x => Write(x, 1, 2, 3));

        peer.Objects.Keys.ShouldBe([Folder + "0007/039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81"]);
    }

    [Fact]
    public void A_shared_blob_is_not_uploaded_again()
    {
        Open().Put("a", x => Write(x, 1, 2, 3));
        Open().Put("b", x => Write(x, 1, 2, 3));

        peer.Served.Count(request => request.StartsWith("PUT ", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public void A_large_blob_goes_and_comes_in_parts()
    {
        byte[] bytes = Large();

        var blob = Open().Put("large", x => x.Write(bytes));

        peer.Served.Count(request => request.Contains("partNumber=", StringComparison.Ordinal)).ShouldBe(3);
        peer.Uploads.ShouldBeEmpty();
        Open().Get(blob).ShouldBe(bytes);
        peer.Served.Count(request => request.StartsWith("GET ", StringComparison.Ordinal)).ShouldBe(3, "it comes back in parts, too");

        peer.Objects[Folder + "0007/" + blob.Sha256] = bytes[..^1];
        Should.Throw<CorruptBlobException>(() => Open().Get(blob)).Message.ShouldContain($"truncated ({bytes.Length - 1} bytes, not {bytes.Length})");
        peer.Objects.Clear();
        Should.Throw<CorruptBlobException>(() => Open().Get(blob)).Message.ShouldContain("missing from");
    }

    [Theory]
    [InlineData("SlowDown")]
    [InlineData("Reset")]
    [InlineData("ResetAfterwards")]
    [InlineData("BreakOff")]
    public void Every_request_may_fail_twice(string fault)
    {
        var kind = Enum.Parse<S3Fault>(fault);
        byte[] bytes = Large();
        var failures = new Dictionary<string, int>(StringComparer.Ordinal);
        peer.Fault = request =>
        {
            lock (failures)
            {
                string what = $"{request.Method} {request.Path}{request.QueryString}";
                failures[what] = failures.GetValueOrDefault(what) + 1;
                return failures[what] <= 2 ? kind : S3Fault.None;
            }
        };

        var (small, large) = (Open().Put("small", x => Write(x, 1, 2, 3)), Open().Put("large", x => x.Write(bytes)));

        Open().Get(small).ShouldBe([1, 2, 3]);
        Open().Get(large).ShouldBe(bytes);
        Open().Sweep(key => key == small.Key);
        peer.Objects.Keys.ShouldBe([Folder + "0007/" + large.Sha256]);
        failures.Values.Max().ShouldBeGreaterThan(2, "the faults were met");
    }

    [Fact]
    public void A_server_that_keeps_failing_is_given_up_in_words_and_nothing_is_visible()
    {
        peer.Fault = _ => S3Fault.SlowDown;

        Should.Throw<StorageException>(() => Open(7, Options with { Deadline = TimeSpan.FromMilliseconds(50) }).Put("a", x => Write(x, 1)))
            .Message.ShouldStartWith("'s3://bucket/some/prefix/fashion/0003' cannot be read: ");
        peer.Objects.ShouldBeEmpty();
    }

    [Fact]
    public void A_large_upload_that_fails_leaves_no_parts_behind()
    {
        peer.Fault = request => request.QueryString.Value!.Contains("partNumber=2", StringComparison.Ordinal) ? S3Fault.SlowDown : S3Fault.None;

        Should.Throw<StorageException>(() => Open(7, Options with { Deadline = TimeSpan.FromSeconds(1) }).Put("large", x => x.Write(Large())))
            .Message.ShouldContain("cannot be written: SlowDown");

        peer.Uploads.ShouldBeEmpty();
        peer.Objects.ShouldBeEmpty();
    }

    [Fact]
    public void Wrong_credentials_are_told_at_once_without_showing_them()
    {
        string message = Should.Throw<StorageException>(() => Open(7, Options, new BasicAWSCredentials(S3Peer.AccessKey, "wrong")).Put("a", x => Write(x, 1))).Message;

        message.ShouldContain("the server refused (");
        message.ShouldContain("check the credentials");
        message.ShouldNotContain(S3Peer.AccessKey);
        message.ShouldNotContain("wrong");
    }

    [Fact]
    public void A_bucket_that_is_not_there_is_told() => Should.Throw<StorageException>(() => new S3CheckpointStores(
            Address with { Name = "elsewhere" }, Options, TimeProvider.System, Credentials).Open(Lease(7), default).Get(new BlobRef("a", new string('a', 64), 1, 7)))
        .Message.ShouldContain("there is no such bucket");

    [Theory]
    [InlineData(new byte[] { 1, 2 }, "truncated (2 bytes, not 3)")]
    [InlineData(new byte[] { 1, 2, 3, 4 }, "too long (4 bytes, not 3)")]
    [InlineData(new byte[] { 1, 2, 2 }, "damaged")]
    public void Refuses_other_content(byte[] content, string reason)
    {
        var blob = Open().Put("generator.weights", x => Write(x, 1, 2, 3));
        peer.Objects[Folder + "0007/" + blob.Sha256] = content;

        Should.Throw<CorruptBlobException>(() => Open().Get(blob)).Message.ShouldContain(reason);
    }

    [Fact]
    public void What_is_not_its_own_is_left_alone_and_abandoned_uploads_are_not()
    {
        string foreign = Folder + "notes.txt", neighbour = "some/prefix/fashion/0004/0001/" + new string('a', 64), likeness = Folder + "7/" + new string('a', 64);
        foreach (string key in (string[])[foreign, neighbour, likeness])
            peer.Objects[key] = [1];
        peer.Uploads["dead"] = new S3Peer.Upload(Folder + "0003/" + new string('b', 64));
        peer.Uploads["alive"] = new S3Peer.Upload(Folder + "0009/" + new string('b', 64));

        Open().Sweep(key => key.Space <= 7);

        peer.Objects.Keys.ShouldBe([foreign, neighbour, likeness], ignoreOrder: true);
        peer.Uploads.Keys.ShouldBe(["alive"]);
    }

    [Fact]
    public void A_server_that_cannot_list_unfinished_uploads_is_good_enough()
    {
        peer.ListsUploads = false;
        Open().Put("a", x => Write(x, 1));

        Open().Sweep(_ => true).ShouldBe(1);
    }

    [Fact]
    public void A_request_to_list_unfinished_uploads_that_is_refused_hinders_nothing_and_is_tried_again()
    {
        bool isRefused = true;
        peer.Fault = request => isRefused && request.Query.ContainsKey("uploads") ? S3Fault.Refuse : S3Fault.None;
        peer.Uploads["dead"] = new S3Peer.Upload(Folder + "0003/" + new string('b', 64));
        Open().Put("a", x => Write(x, 1));
        var store = Open();

        store.Sweep(_ => true).ShouldBe(1);
        peer.Uploads.Keys.ShouldBe(["dead"]);

        isRefused = false;
        store.Sweep(_ => true);
        peer.Uploads.ShouldBeEmpty();
    }

    [Fact]
    public void Unfinished_uploads_are_found_on_all_pages()
    {
        for (int i = 0; i < 10; i++)
            peer.Uploads[$"u{i}"] = new S3Peer.Upload(Folder + "0003/" + new string((char)('a' + (i / 5)), 64));

        Open().Sweep(_ => true);

        peer.Uploads.ShouldBeEmpty();
    }

    [Fact]
    public void What_is_deleted_already_needs_no_deleting()
    {
        Open().Put("a", x => Write(x, 1));
        peer.MissesWhatIsDeleted = true;
        int deletions = 0;
        peer.Fault = request => request.Method == "DELETE" && deletions++ == 0 ? S3Fault.ResetAfterwards : S3Fault.None;

        Open().Sweep(_ => true).ShouldBe(1);

        deletions.ShouldBe(2);
    }

    [Theory]
    [InlineData("object", "read")]
    [InlineData("listing", "listed")]
    public void An_answer_that_stalls_is_given_up(string what, string done)
    {
        var blob = Open().Put("a", x => Write(x, 1, 2, 3));
        peer.Fault = request => request.Method == "GET" ? S3Fault.Stall : S3Fault.None;
        var store = Open(7, Options with { Deadline = TimeSpan.FromMilliseconds(200) });

        string message = Should.Throw<StorageException>(() => _ = what == "listing" ? [(byte)store.Sweep(_ => true)] : store.Get(blob)).Message;

        message.ShouldBe($"'s3://bucket/some/prefix/fashion/0003' cannot be {done}: the server does not answer in time");
    }

    [Fact]
    public void A_blob_on_its_way_is_nobody_elses_to_see()
    {
        string folder = Directory.CreateTempSubdirectory("gencluster-test-").FullName;
        string[] seen = [""];

        Open(7, Options with { SpoolFolder = folder }).Put("a", x =>
        {
            Write(x, 1, 2, 3);
            seen = Directory.GetFiles(folder);
        });

        if (!OperatingSystem.IsWindows())
            seen.ShouldBeEmpty();
        Directory.Delete(folder); // it is empty
    }

    [Fact]
    public void A_place_where_a_blob_cannot_wait_is_named()
    {
        string folder = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

        Should.Throw<StorageException>(() => Open(7, Options with { SpoolFolder = folder }).Put("a", x => Write(x, 1)))
            .Message.ShouldStartWith($"'{folder}' cannot be written: ");
    }

    [Fact]
    public void An_aborted_run_waits_for_nothing()
    {
        using var abort = new CancellationTokenSource();
        peer.Fault = _ =>
        {
            abort.Cancel();
            return S3Fault.SlowDown;
        };

        Should.Throw<OperationCanceledException>(() => Stores(Options, Credentials).Open(Lease(7), abort.Token).Put("a", x => Write(x, 1)));
    }

    private static BasicAWSCredentials Credentials => new(S3Peer.AccessKey, S3Peer.Secret);

    private CheckpointAddress.Bucket Address => new(S3Peer.Bucket, "some/prefix", peer.Address, null);

    private static byte[] Large()
    {
        byte[] bytes = new byte[(2 * PartBytes) + 1000];
        new Random(3).NextBytes(bytes);
        return bytes;
    }

    private static Lease Lease(long epoch) => new(new TrialId(new SweepId("fashion"), 3), epoch);

    private S3CheckpointStores Stores(S3Options options, AWSCredentials credentials) => new(Address, options, TimeProvider.System, credentials);

    private ICheckpointStore Open(long space, S3Options options, AWSCredentials? credentials = null) => Stores(options, credentials ?? Credentials).Open(Lease(space), default);
}
