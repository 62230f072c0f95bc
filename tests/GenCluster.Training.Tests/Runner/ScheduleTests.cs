using System.Globalization;
using GenCluster.Core.Randomness;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Training;
using GenCluster.Core.Trials;
using GenCluster.Training.Tests.Loop;

namespace GenCluster.Training.Tests.Runner;

/// <summary>
/// Members die, freeze, are cut off, come and go, at every phase of a step, and the trial ends as if one worker had trained it undisturbed.
/// <c>GENCLUSTER_SCHEDULES</c> says how many schedules are tried, <c>GENCLUSTER_SEED</c> which is the first.
/// </summary>
public sealed class ScheduleTests(ITestOutputHelper log)
{
    private static readonly TimeSpan NobodyHangsLonger = TimeSpan.FromSeconds(10);

    private static readonly TrialDefinition Definition = ToyTrial.Definition with
    {
        Training = ToyTraining.Spec with { Steps = 80, EvaluateEvery = 10, CheckpointEvery = 10 },
        Resources = new ResourceSpec(1, 4, "cpu", Transport: Transport.Tcp),
    };

    private readonly SortedDictionary<string, int> struck = new(StringComparer.Ordinal);
    private TimeSpan longest;

    [Fact]
    public Task Any_schedule_ends_alike() => EndAlike(Definition, Variable("GENCLUSTER_SCHEDULES", 10));

    [Theory]
    [InlineData(Compression.Int8)]
    [InlineData(Compression.TopK)]
    public Task Any_schedule_ends_alike_where_gradients_are_encoded(Compression code) =>
        EndAlike(Definition with { Training = Definition.Training with { Compression = new CompressionSpec(code, code is Compression.TopK ? 0.1 : 0) } }, schedules: 3);

    private static int Variable(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out int value) ? value : otherwise;

    private async Task EndAlike(TrialDefinition definition, int schedules)
    {
        using var control = new ToyTrial();
        var outcome = control.Run(new Recorder(), definition: definition);
        int first = Variable("GENCLUSTER_SEED", 1);
        for (int seed = first; seed < first + schedules; seed++)
            await EndsAlike(seed, definition, outcome, control.Metrics);

        log.WriteLine($"{schedules} schedules, {struck.Values.Sum()} changes, nobody stood still longer than {longest.TotalSeconds:0.00} s");
        foreach (var (what, count) in struck)
            log.WriteLine($"{count,5} {what}");
        struck.ShouldNotBeEmpty();
        longest.ShouldBeLessThan(NobodyHangsLonger);
    }

    // The files are long.
    private static (string? Found, string? Expected) FirstDifference(string found, string expected)
    {
        var (mine, theirs) = (found.Split('\n'), expected.Split('\n'));
        int at = 0;
        while (at < Math.Max(mine.Length, theirs.Length))
        {
            var (one, other) = (mine.ElementAtOrDefault(at), theirs.ElementAtOrDefault(at));
            if (one != other)
                return (one, other);
            at++;
        }

        return (null, null);
    }

    private async Task EndsAlike(int seed, TrialDefinition definition, RunOutcome outcome, string metrics)
    {
        using var trial = new ToyTrial();
        await using var cluster = new ToyCluster(trial, definition, wired: true);
        using var schedule = new ToySchedule(cluster, new RandomStream((ulong)seed, new StreamAddress(StreamPurpose.Search)));
        try
        {
            await schedule.RunAsync();
            (await cluster.End()).ShouldBe(outcome);
            FirstDifference(trial.Metrics, metrics).ShouldBe((null, null));
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"seed {seed}: {string.Join(", ", schedule.Struck)}", e);
        }

        longest = schedule.LongestPause > longest ? schedule.LongestPause : longest;
        foreach (string what in schedule.Struck)
            struck[what] = struck.GetValueOrDefault(what) + 1;
    }
}
