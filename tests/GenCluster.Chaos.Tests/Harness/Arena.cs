namespace GenCluster.Chaos.Tests.Harness;

/// <summary>What a fault brought about.</summary>
/// <param name="Did">What was done to the sweep.</param>
/// <param name="LongestPause">The longest time without a finished step, from the first step to the last.</param>
/// <param name="StepsAgain">Steps that were finished a second time, as the first was lost.</param>
internal sealed record Outcome(string Did, TimeSpan LongestPause, int StepsAgain, TimeSpan Total)
{
    public override string ToString() =>
        FormattableString.Invariant($"{Did}; {LongestPause.TotalSeconds:0.0} s without a step, {StepsAgain} steps again, {Total.TotalSeconds:0} s in all");
}

/// <summary>A sweep in a folder of its own, the processes that run it, and the faults that strike them.</summary>
/// <param name="log">Where long work says how far it is.</param>
internal sealed class Arena(Control control, int seed, Action<string> log) : IAsyncDisposable
{
    public const int Workers = 3, Trials = 2;

    private readonly List<string> did = [];
    private readonly System.Diagnostics.Stopwatch clock = System.Diagnostics.Stopwatch.StartNew();
    private Sandbox? sandbox;
    private IAsyncDisposable? place;

    public Random Dice { get; } = new(seed);

    public int Seed => seed;

    public FaultPlan Plan { get; } = new();

    public Sandbox Sandbox => sandbox ??= new Sandbox("chaos");

    public Outcome Outcome
    {
        get
        {
            var story = Plan.Look();
            return new Outcome(string.Join(", ", did), Story.LongestPause(story), Story.StepsAgain(story), clock.Elapsed);
        }
    }

    /// <summary>Has the run folder somewhere else.</summary>
    /// <param name="place">Where that is; it goes when all processes have ended.</param>
    public void Use(Sandbox other, IAsyncDisposable place) => (sandbox, this.place) = (other, place);

    public void Note(string what) => did.Add(what);

    public void Log(string line) => log(line);

    public Gencluster Start(IReadOnlyDictionary<string, string>? environment = null) => Sandbox.StartWith(
        Sandbox.Run("--workers", $"{Workers}"), Plan.Environment.Concat(environment ?? new Dictionary<string, string>()).ToDictionary());

    /// <summary>Waits until some trial has made a step.</summary>
    public Task TrainsAsync(Gencluster command)
    {
        int known = Plan.Look().Count;
        return command.Holds(() => Plan.Look().Skip(known).Any(told => told.IsStep), "a step is made");
    }

    /// <summary>Arms a fault and waits until it has struck.</summary>
    public async Task<Told> StrikeAsync(Gencluster command, string fault)
    {
        string name = Plan.Arm(fault);
        await Eventually.Holds(() => Plan.HasStruck(name) || command.HasExited, $"'{fault}' strikes");
        if (!Plan.HasStruck(name))
            throw new InvalidOperationException($"the sweep ended before '{fault}' could strike; {await command.EndAsync()}");
        Note(fault.Replace("GenCluster-", "", StringComparison.Ordinal));
        return await Plan.StrikeAsync();
    }

    /// <summary>The same command again, to the end, and everything it leaves.</summary>
    public async Task ResumeAsync() => await EndsWellAsync(Start());

    /// <summary>The end of a command that was not stopped, and everything it leaves.</summary>
    public async Task<Ending> EndsWellAsync(Gencluster command)
    {
        var ending = await command.EndAsync(TimeSpan.FromMinutes(5));
        ending.Code.ShouldBe(0, ending.ToString());
        Sandbox.Leaderboard.ShouldBe(control.Leaderboard);
        Sandbox.Results().ShouldBe(control.Results);
        Invariants.Check(Sandbox);
        return ending;
    }

    /// <summary>Metrics and weights of the trials, where workers are no command's and the leaderboard is nobody's file.</summary>
    /// <param name="folder">The run folder, when it is not the sandbox's.</param>
    public void TrialsEndedWell(string? folder = null)
    {
        foreach (string file in new[] { "metrics.csv", "weights.safetensors" })
        {
            for (int trial = 1; trial <= Trials; trial++)
            {
                string expected = Path.Combine(control.Sandbox.TrialFolder(trial), file);
                string actual = Path.Combine(folder ?? Sandbox.Folder, Path.GetRelativePath(control.Sandbox.Folder, expected));
                Sandbox.Sha256(actual).ShouldBe(Sandbox.Sha256(expected), $"{file} of trial {trial}");
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (sandbox is not null)
            await sandbox.DisposeAsync();
        if (place is not null)
            await place.DisposeAsync();
        Plan.Dispose();
    }
}
