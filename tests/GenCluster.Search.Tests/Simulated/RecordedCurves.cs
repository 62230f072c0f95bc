using System.Globalization;
using GenCluster.Core.Parameters;
using GenCluster.Core.Search;
using GenCluster.Core.Sweeps;

namespace GenCluster.Search.Tests.Simulated;

/// <summary>
/// Learning curves of 96 trials that were all trained to their end: a random search for a VAE on pictures of clothes, with the
/// sliced Wasserstein distance every 30 of 810 steps. They are noisy and cross; five trials ended in infinities.
/// The sweep file beside the table is what was run.
/// </summary>
internal sealed class RecordedCurves
{
    public const int Every = 30;

    private readonly double?[][] rows;

    private RecordedCurves(double?[][] rows) => this.rows = rows;

    public static RecordedCurves Read()
    {
        using var table = new StreamReader(typeof(RecordedCurves).Assembly.GetManifestResourceStream("fashion-vae-curves.csv")!);
        string[] lines = table.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return new RecordedCurves([.. lines.Skip(1).Select(line => line.Split(',').Skip(1).Select(Cell).ToArray())]);
    }

    public int Count => rows.Length;

    public int Steps => rows[0].Length * Every;

    /// <summary>Steps that it takes to train all trials to their end.</summary>
    public long AllSteps => (long)Count * Steps;

    /// <summary>The best value at the last step.</summary>
    public double Best => rows.Min(r => r[^1] ?? double.PositiveInfinity);

    /// <summary>What a sweep over these trials, in an order that the seed gives, is about.</summary>
    public SearchHistory Setting(Assignment options) => new(new ParameterSpace([new("row", new IntUniform(0, Count - 1))]), new ObjectiveSpec("swd", Goal.Minimize), [])
    {
        Steps = Steps,
        EvaluateEvery = Every,
        MaxTrials = Count,
        StoppingOptions = options,
    };

    /// <summary>The value of the trial's row; null when it failed there.</summary>
    public double? At(SimulatedTrial trial, int step) => rows[trial.Assignment["row"].AsInteger()][step / Every - 1];

    /// <summary>Each row once, in a random order.</summary>
    public ISampler Sampler(ulong seed)
    {
        var stream = new SearchRandom(seed).For(0);
        return new InOrder([.. Enumerable.Range(0, Count).Select(row => (row, stream.NextDouble())).OrderBy(r => r.Item2).Select(r => r.row)]);
    }

    private static double? Cell(string text) => text is "" ? null : double.Parse(text, CultureInfo.InvariantCulture);

    private sealed class InOrder(int[] rows) : ISampler
    {
        public string Name => "recorded";

        public IReadOnlyList<Proposal> Propose(SearchHistory history, int count, SearchRandom random) =>
            [.. rows.Skip(history.NextNumber - 1).Take(count).Select((row, i) => new Proposal(history.NextNumber + i, new Assignment([new Setting("row", ParameterValue.Of((long)row))])))];
    }
}
