using GenCluster.Training.Data;
using GenCluster.Checkpoints.Tests;

namespace GenCluster.Training.Tests.Data;

public sealed class DatasetDownloaderTests : IDisposable
{
    private static readonly byte[] Sound = Idx.File(40, 50, 50, new byte[100_000].Select((_, i) => (byte)((uint)i * 2654435761u >> 13)));
    private static readonly IdxContent Expected = Idx.Content(40, 50, 50, Sound);
    private static readonly byte[] Packed = Idx.Packed(Sound);

    private readonly TempFolder folder = new();
    private readonly HttpClient http = new();
    private readonly Progress progress = new();

    private string Cached => folder["cache", "fashion-mnist", "images.gz"];

    public void Dispose()
    {
        http.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void Downloads_once_and_tells_how_far_it_is()
    {
        using var server = new ScriptedServer(ScriptedServer.Text("200 OK", Packed));

        Open(server).Pixels.ShouldBe(Sound[16..]);
        Open(server).Pixels.ShouldBe(Sound[16..]);

        server.Requests.Count.ShouldBe(1);
        progress.Reports[^1].ShouldBe(new DownloadProgress("images.gz", Packed.Length, Packed.Length));
        progress.Reports.ShouldBe(progress.Reports.OrderBy(x => x.Received));
        File.ReadAllBytes(Cached).ShouldBe(Packed);
        Directory.GetFiles(Path.GetDirectoryName(Cached)!, "*.part").ShouldBeEmpty();
    }

    [Fact]
    public void Goes_on_where_the_connection_was_cut()
    {
        using var server = new ScriptedServer(
            ScriptedServer.Text("200 OK", Packed[..1000], length: Packed.Length),
            Partial(1000, Packed[1000..3000]),
            Partial(3000, Packed[3000..]));

        Open(server).Pixels.ShouldBe(Sound[16..]);

        server.Requests.Select(Range).ShouldBe(["", "bytes=1000-", "bytes=3000-"]);
        progress.Reports[^1].ShouldBe(new DownloadProgress("images.gz", Packed.Length, Packed.Length));
    }

    [Fact]
    public void Goes_on_with_what_an_earlier_process_left()
    {
        Leave(Packed[..500]);
        using var server = new ScriptedServer(Partial(500, Packed[500..]));

        Open(server).Pixels.ShouldBe(Sound[16..]);

        server.Requests.Select(Range).ShouldBe(["bytes=500-"]);
    }

    [Fact]
    public void Begins_anew_where_the_server_does_not_resume()
    {
        Leave(new byte[500]);
        using var server = new ScriptedServer(ScriptedServer.Text("200 OK", Packed));

        Open(server).Pixels.ShouldBe(Sound[16..]);
    }

    [Fact]
    public void Begins_anew_where_the_server_has_less_than_is_there()
    {
        Leave(new byte[Packed.Length + 5]);
        using var server = new ScriptedServer(ScriptedServer.Text("416 Range Not Satisfiable", []), ScriptedServer.Text("200 OK", Packed));

        Open(server).Pixels.ShouldBe(Sound[16..]);
    }

    [Fact]
    public void Replaces_a_damaged_file_in_the_cache()
    {
        Leave([1, 2, 3], Cached);
        using var server = new ScriptedServer(ScriptedServer.Text("200 OK", Packed));

        Open(server).Pixels.ShouldBe(Sound[16..]);
    }

    [Fact]
    public void Refuses_and_removes_what_is_not_the_data_set()
    {
        var other = Sound.ToArray();
        other[^1]++;
        using var server = new ScriptedServer(ScriptedServer.Text("200 OK", Idx.Packed(other)));

        string message = Refusal(server);

        message.ShouldStartWith($"what {server.Address} serves is not the data set, and was removed again");
        message.ShouldContain("sha256");
        Directory.GetFiles(Path.GetDirectoryName(Cached)!).ShouldBe([Cached + ".lock"]);
    }

    [Fact]
    public void Refuses_what_does_not_end()
    {
        using var server = new ScriptedServer(ScriptedServer.Text("200 OK", new byte[1_300_000]));

        Refusal(server).ShouldContain("serves more than the 1148576 bytes");
        new FileInfo(Cached + ".part").Length.ShouldBe(0);
    }

    [Theory]
    [InlineData("404 Not Found")]
    [InlineData("503 Service Unavailable")]
    public void Says_what_the_server_answers_and_keeps_what_is_there(string status)
    {
        Leave(Packed[..500]);
        using var server = new ScriptedServer(ScriptedServer.Text(status, [1, 2, 3]));

        string message = Refusal(server);

        message.ShouldStartWith($"{server.Address} cannot be downloaded: the server answers {status}; ");
        message.ShouldContain("data.path");
        new FileInfo(Cached + ".part").Length.ShouldBe(500);
    }

    [Fact]
    public void Says_that_nobody_answers()
    {
        var server = new ScriptedServer();
        server.Dispose();

        Refusal(server).ShouldStartWith($"{server.Address} cannot be downloaded: ");
    }

    [Fact]
    public void Gives_up_when_a_connection_is_cut_again_and_again_without_gain()
    {
        var cut = ScriptedServer.Text("200 OK", [], length: Packed.Length);
        using var server = new ScriptedServer(cut, cut, cut, ScriptedServer.Text("200 OK", Packed));

        Refusal(server).ShouldContain("breaks again and again");
        server.Requests.Count.ShouldBe(3);
    }

    [Fact]
    public void Gives_up_a_server_that_falls_silent()
    {
        var silent = ScriptedServer.Text("200 OK", [], length: Packed.Length, silent: true);
        using var server = new ScriptedServer(silent);

        Refusal(server, TimeSpan.FromMilliseconds(50)).ShouldContain("cannot be downloaded");
    }

    [Fact]
    public void Stops_when_it_is_told_to()
    {
        using var stop = new CancellationTokenSource();
        using var server = new ScriptedServer(ScriptedServer.Text("200 OK", Packed[..1000], length: Packed.Length, silent: true));
        progress.Heard = _ => stop.Cancel();

        Should.Throw<OperationCanceledException>(() => new DatasetDownloader(http).Open(server.Address, Cached, Expected, progress, stop.Token));
    }

    [Fact]
    public void Says_that_the_disk_is_full()
    {
        FullDisk.SkipWhereThereIsNone();
        Directory.CreateDirectory(Path.GetDirectoryName(Cached)!);
        FullDisk.LinkAt(Cached + ".part");
        using var server = new ScriptedServer(ScriptedServer.Text("200 OK", Packed));

        Refusal(server).ShouldBe(
            $"the download of {server.Address} cannot be stored: '{Cached}.part' cannot be written: no space left on device; free some space, then go on");
    }

    [Fact]
    public void Says_that_the_cache_cannot_be_a_folder()
    {
        File.WriteAllText(folder["cache"], "");
        using var server = new ScriptedServer();

        Refusal(server).ShouldContain($"'{folder["cache"]}' cannot be written: a file is where a folder must be");
    }

    [Fact]
    public void Lets_one_process_fetch_what_several_want()
    {
        using var server = new ScriptedServer(ScriptedServer.Text("200 OK", Packed));
        var results = new byte[4][];

        Parallel.For(0, results.Length, i => results[i] = Open(server).Pixels);

        results.ShouldAllBe(x => x.SequenceEqual(Sound.Skip(16)));
        server.Requests.Count.ShouldBe(1);
    }

    private static Answer Partial(int from, byte[] body) => ScriptedServer.Text(
        "206 Partial Content", body, $"Content-Range: bytes {from}-{Packed.Length - 1}/{Packed.Length}\r\n", Packed.Length - from);

    private static string Range(string request) =>
        request.Split("\r\n").FirstOrDefault(x => x.StartsWith("Range: ", StringComparison.Ordinal))?["Range: ".Length..] ?? "";

    private void Leave(byte[] bytes, string? path = null)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Cached)!);
        File.WriteAllBytes(path ?? Cached + ".part", bytes);
    }

    private IdxImages Open(ScriptedServer server) =>
        new DatasetDownloader(http).Open(server.Address, Cached, Expected, progress, CancellationToken.None);

    private string Refusal(ScriptedServer server, TimeSpan? silence = null)
    {
        var downloader = new DatasetDownloader(http) { LongestSilence = silence ?? TimeSpan.FromSeconds(30) };
        return Should.Throw<DataException>(() => downloader.Open(server.Address, Cached, Expected, progress, CancellationToken.None)).Message;
    }

    private sealed class Progress : IProgress<DownloadProgress>
    {
        private readonly Lock gate = new();

        public List<DownloadProgress> Reports { get; } = [];

        public Action<DownloadProgress>? Heard { get; set; }

        public void Report(DownloadProgress value)
        {
            lock (gate)
                Reports.Add(value);
            Heard?.Invoke(value);
        }
    }
}
