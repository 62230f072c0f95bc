namespace GenCluster.Chaos.Tests.Harness;

/// <summary>A coordinator with an API, and workers of their own: real processes on loopback, with a SQLite file for a journal.</summary>
internal sealed class Service
{
    private static readonly TimeSpan TrainingTime = TimeSpan.FromMinutes(5);

    private readonly Arena arena;
    private readonly string journal;

    private Service(Arena arena, Gencluster node, IReadOnlyList<Gencluster> workers, Uri api, string journal)
    {
        this.arena = arena;
        this.journal = journal;
        Node = node;
        Workers = workers;
        Api = api;
    }

    public Gencluster Node { get; }

    public IReadOnlyList<Gencluster> Workers { get; }

    public Uri Api { get; }

    public bool HasEnded => Count("sweep-ended/1") > 0;

    /// <param name="serve">Options for the coordinator alone.</param>
    /// <param name="ports">Of the coordinator and its API, where somebody else knows them, too.</param>
    /// <param name="all">Options for coordinator and workers.</param>
    public static async Task<Service> StartAsync(Arena arena, string[]? serve = null, string[]? all = null, int[]? ports = null)
    {
        string journal = arena.Sandbox.File + ".journal";
        ports ??= CoordinatorCluster.FreePorts(2);
        var node = arena.Sandbox.StartWith(["serve", "--port", $"{ports[0]}", "--http-port", $"{ports[1]}", "--journal", journal, .. all ?? [], .. serve ?? []], arena.Plan.Environment);
        string api = (await node.SaysAsync("API at "))["API at ".Length..];
        Gencluster[] workers = [.. Enumerable.Range(1, Arena.Workers).Select(n => arena.Sandbox.StartProgramWith(
            Programs.Worker, ["--name", $"worker-{n}", "--runs", arena.Sandbox.Runs, "--device", "cpu", "--coordinator", CoordinatorCluster.Address(ports[0]), .. all ?? []], arena.Plan.Environment))];
        return new Service(arena, node, workers, new Uri(api), journal);
    }

    /// <summary>Hands the sandbox's sweep in, and waits for a first step.</summary>
    public async Task SubmitAsync(string[]? options = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        await using var submission = Gencluster.StartProgram(Programs.Command, ["submit", arena.Sandbox.File, "--server", Api.GetLeftPart(UriPartial.Authority), .. options ?? []], environment);
        var ending = await submission.EndAsync();
        ending.Code.ShouldBe(0, ending.ToString());
        await StepsAsync();
    }

    /// <summary>Waits until one more step is made, which fails when the sweep is over.</summary>
    public async Task StepsAsync()
    {
        int known = arena.Plan.Look().Count;
        await Node.Holds(() => arena.Plan.Look().Skip(known).Any(told => told.IsStep), "a step is made");
    }

    /// <summary>The end of the sweep, and everything it leaves.</summary>
    public async Task EndsWellAsync()
    {
        await Eventually.Holds(() => HasEnded, "the end of the sweep", TrainingTime);
        Count("trial-concluded/1").ShouldBe(Arena.Trials);
        Invariants.CheckJournal(journal);
        arena.TrialsEndedWell();
    }

    private int Count(string manifest) => Invariants.Read(journal, $"SELECT 1 FROM journal WHERE manifest = '{manifest}'").Count;
}
