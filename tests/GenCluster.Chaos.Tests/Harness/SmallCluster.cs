namespace GenCluster.Chaos.Tests.Harness;

/// <summary>One coordinator on a SQLite file, with its API, the arena's workers, and the arena's sweep handed in: all real processes.</summary>
/// <param name="Port">Of the coordinator, for workers.</param>
internal sealed record SmallCluster(Arena Arena, int Port, int ApiPort, string Journal, Gencluster Node, IReadOnlyList<Gencluster> Workers, Gencluster Submission)
{
    /// <param name="ports">The coordinator's and its API's.</param>
    /// <param name="serve">More options of the coordinator.</param>
    /// <param name="work">More options of the workers.</param>
    /// <param name="submit">More options of the submission.</param>
    public static async Task<SmallCluster> StartAsync(
        Arena arena, int[] ports, IReadOnlyList<string>? serve = null, IReadOnlyList<string>? work = null, IReadOnlyList<string>? submit = null)
    {
        var sandbox = arena.Sandbox;
        string journal = Path.Combine(Directory.CreateDirectory(sandbox.Runs).FullName, "journal.db");
        var node = sandbox.StartWith(["serve", "--port", $"{ports[0]}", "--http-port", $"{ports[1]}", "--journal", journal, .. serve ?? []], arena.Plan.Environment);
        string api = (await node.SaysAsync("API at "))["API at ".Length..];
        Gencluster[] workers = [.. Enumerable.Range(1, Arena.Workers).Select(n => sandbox.StartProgramWith(
            Programs.Worker,
            ["--name", $"worker-{n}", "--runs", sandbox.Runs, "--device", "cpu", "--coordinator", CoordinatorCluster.Address(ports[0]), .. work ?? []],
            arena.Plan.Environment))];
        var submission = sandbox.StartWith(["submit", sandbox.File, "--server", api, "--wait", .. submit ?? []]);
        return new SmallCluster(arena, ports[0], ports[1], journal, node, workers, submission);
    }

    public async Task EndsWellAsync()
    {
        var ending = await Submission.EndAsync(TimeSpan.FromMinutes(5));
        ending.Code.ShouldBe(0, ending.ToString());
        Arena.TrialsEndedWell();
        Invariants.CheckJournal(Journal);
    }
}
