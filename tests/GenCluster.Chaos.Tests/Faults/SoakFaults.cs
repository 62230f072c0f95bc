using System.Diagnostics;
using System.Globalization;
using GenCluster.Chaos.Tests.Harness;
using GenCluster.TestServers;

namespace GenCluster.Chaos.Tests.Faults;

/// <summary>One sweep after another on one cluster, struck by this and that, and nothing grows that should not.</summary>
internal static class SoakFaults
{
    private const string Steady = "worker-1"; // never killed, so that it has time to leak
    private const long MostGrowth = 64L << 20;
    private const int MostFilesMore = 16, MostThreadsMore = 16, MostConnectionsMore = 10, MostTemporaryFilesMore = 5, MostRowsOfSweepMore = 15;

    private static readonly TimeSpan TrainingTime = TimeSpan.FromMinutes(5);

    private static TimeSpan Time => TimeSpan.FromMinutes(
        double.TryParse(Environment.GetEnvironmentVariable("GENCLUSTER_SOAK"), CultureInfo.InvariantCulture, out double minutes) ? minutes : 30);

    public static async Task Soak(Arena arena)
    {
        await using var server = new PostgresServer();
        await server.InitializeAsync();
        string temporary = Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(arena.Sandbox.File)!, "tmp")).FullName;
        var environment = new Dictionary<string, string>(arena.Plan.Environment) { ["TMPDIR"] = temporary };
        var cluster = await CoordinatorCluster.StartAsync(server, arena.Sandbox, workers: 0, environment: environment);
        var crew = new Crew(cluster, [Steady, "worker-2", "worker-3"]);
        var clock = Stopwatch.StartNew();
        var notes = new List<Note>();
        while (clock.Elapsed < Time)
        {
            try
            {
                await RunSweepAsync(arena, cluster, crew, server, notes.Count + 1);
            }
            catch (Exception)
            {
                arena.Log(cluster.Transcript());
                throw;
            }

            notes.Add(await NoteAsync(arena, cluster, crew, temporary));
            arena.Log(string.Create(CultureInfo.InvariantCulture, $"{clock.Elapsed.TotalSeconds,5:0} s  {notes[^1]}"));
        }

        arena.Note(string.Create(CultureInfo.InvariantCulture, $"{notes.Count} sweeps in {clock.Elapsed.TotalMinutes:0} min"));
        NothingGrows(notes);
        Invariants.CheckJournal(cluster);
    }

    private static async Task RunSweepAsync(Arena arena, CoordinatorCluster cluster, Crew crew, PostgresServer server, int number)
    {
        string name = $"soak-{number}", file = Path.Combine(Path.GetDirectoryName(arena.Sandbox.File)!, name + ".yaml");
        string text = await File.ReadAllTextAsync(arena.Sandbox.File);
        await File.WriteAllTextAsync(file, text.Replace("name: chaos", $"name: {name}", StringComparison.Ordinal));
        await Submission.SubmitAsync(file, cluster.Ports.Select(CoordinatorCluster.Address));
        for (int fault = 0; fault < 2; fault++)
        {
            await Task.Delay(arena.Dice.Next(0, 4000));
            arena.Log(await StrikeAsync(arena, cluster, crew, server));
        }

        await Eventually.Holds(
            () =>
            {
                crew.Tend();
                return cluster.Count("sweep-ended/1") == number;
            },
            $"the end of sweep {number}", TrainingTime);
        cluster.Count("trial-concluded/1").ShouldBe(number * Arena.Trials);
        string folder = Path.Combine(arena.Sandbox.Runs, name);
        arena.TrialsEndedWell(folder);
        Directory.EnumerateFiles(folder, ".*.tmp", SearchOption.AllDirectories).ShouldBeEmpty();
    }

    private static async Task<string> StrikeAsync(Arena arena, CoordinatorCluster cluster, Crew crew, PostgresServer server)
    {
        string victim = $"worker-{arena.Dice.Next(2, 4)}", anybody = $"worker-{arena.Dice.Next(1, 4)}";
        var pause = TimeSpan.FromMilliseconds(arena.Dice.Next(500, 12_000));
        switch (arena.Dice.Next(8))
        {
            case 0:
                await crew.EndAsync(crew.Worker(victim), ProcessGroup.Kill);
                return $"kill {victim}";
            case 1:
                await crew.EndAsync(crew.Worker(victim), ProcessGroup.Terminate);
                return $"SIGTERM to {victim}";
            case 2:
                await Crew.FreezeAsync(crew.Worker(anybody), pause);
                return $"freeze {anybody} for {pause.TotalSeconds:0.0} s";
            case 3 or 4:
                string harm = arena.Dice.Next(2) == 0 ? "cut" : "impair";
                string armed = arena.Plan.Arm($"{harm} {pause.TotalMilliseconds:0}ms GenCluster-Training/Phase[phase=backward]:1 in {anybody}");
                await Task.Delay(pause);
                arena.Plan.Withdraw(armed);
                return $"{harm} {anybody} for {pause.TotalSeconds:0.0} s";
            case 5:
                var (port, _) = await cluster.ActiveAsync(after: 0);
                int signal = arena.Dice.Next(2) == 0 ? ProcessGroup.Kill : ProcessGroup.Terminate;
                await crew.EndAsync(cluster.Node(port), signal);
                return $"signal {signal} to the active coordinator";
            case 6:
                var (frozen, _) = await cluster.ActiveAsync(after: 0);
                await Crew.FreezeAsync(cluster.Node(frozen), TimeSpan.FromSeconds(15));
                return "freeze the active coordinator for 15 s";
            default:
                await server.StopAsync();
                await Task.Delay(pause);
                await server.StartAgainAsync();
                return $"database down for {pause.TotalSeconds:0.0} s";
        }
    }

    private static async Task<Note> NoteAsync(Arena arena, CoordinatorCluster cluster, Crew crew, string temporary)
    {
        await Task.Delay(1000); // what the end of a sweep leaves to do
        crew.Tend();
        var (port, _) = await cluster.ActiveAsync(after: 0);
        int connections = int.Parse(cluster.Query("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"), CultureInfo.InvariantCulture);
        int rows = int.Parse(cluster.Query("SELECT count(*) FROM journal"), CultureInfo.InvariantCulture);
        string[] files = [.. Directory.GetFileSystemEntries(temporary).Select(entry => Path.GetFileName(entry)!).Where(IsOurs)];
        return new Note(Footprint.Of(crew.Worker(Steady).Id), Footprint.Of(cluster.Node(port).Id), connections, rows, files);
    }

    /// <summary>The middle of the last third beside that of the second, when all is warm.</summary>
    private static void NothingGrows(List<Note> notes)
    {
        int third = notes.Count / 3;
        third.ShouldBeGreaterThan(2, "sweeps to compare; give the soak more time");
        Note[] before = [.. notes.Skip(third).Take(third)], after = [.. notes.Skip(2 * third)];
        (Median(after, n => n.Worker.Memory) - Median(before, n => n.Worker.Memory)).ShouldBeLessThan(MostGrowth, "memory of a worker");
        (Median(after, n => n.Worker.Files) - Median(before, n => n.Worker.Files)).ShouldBeLessThan(MostFilesMore, "descriptors of a worker");
        (Median(after, n => n.Worker.Threads) - Median(before, n => n.Worker.Threads)).ShouldBeLessThan(MostThreadsMore, "threads of a worker");
        (Median(after, n => n.Coordinator.Memory) - Median(before, n => n.Coordinator.Memory)).ShouldBeLessThan(MostGrowth, "memory of a coordinator");
        (Median(after, n => n.Coordinator.Files) - Median(before, n => n.Coordinator.Files)).ShouldBeLessThan(MostFilesMore, "descriptors of a coordinator");
        (Median(after, n => n.Connections) - Median(before, n => n.Connections)).ShouldBeLessThan(MostConnectionsMore, "connections to the database");
        (RowsOfSweep(after) - RowsOfSweep(before)).ShouldBeLessThan(MostRowsOfSweepMore, "rows that a sweep adds to the journal");
        (Median(after, n => n.TemporaryFiles.Length) - Median(before, n => n.TemporaryFiles.Length)).ShouldBeLessThan(MostTemporaryFilesMore, $"temporary files: {string.Join(' ', after[^1].TemporaryFiles)}");
    }

    /// <summary>The runtime leaves its doors for debuggers behind when a process is killed.</summary>
    private static bool IsOurs(string file) =>
        !file.StartsWith("clr-debug-pipe-", StringComparison.Ordinal) && !file.StartsWith("dotnet-diagnostic-", StringComparison.Ordinal);

    private static int RowsOfSweep(Note[] notes) => (notes[^1].Rows - notes[0].Rows) / (notes.Length - 1);

    private static long Median(Note[] notes, Func<Note, long> of) => notes.Select(of).Order().ElementAt(notes.Length / 2);

    /// <summary>What is held between two sweeps.</summary>
    private sealed record Note(Footprint Worker, Footprint Coordinator, int Connections, int Rows, string[] TemporaryFiles)
    {
        public override string ToString() =>
            $"worker {Worker.Process}: {Worker}; coordinator {Coordinator.Process}: {Coordinator}; {Connections} connections, {Rows} rows, {TemporaryFiles.Length} temporary files";
    }
}
