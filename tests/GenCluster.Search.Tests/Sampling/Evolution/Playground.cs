using GenCluster.Core.Parameters;
using GenCluster.Core.Search;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Trials;

namespace GenCluster.Search.Tests.Sampling.Evolution;

/// <summary>Lets a sampler search functions whose best values are known.</summary>
internal static class Playground
{
    public static ParameterSpace Cube(int dimensions, double low, double high) => new([.. Enumerable.Range(0, dimensions).Select(i => new Parameter($"x{i}", new Uniform(low, high)))]);

    public static SearchHistory Setting(ParameterSpace space, params (string, ParameterValue)[] options) =>
        new(space, new ObjectiveSpec("f", Goal.Minimize), []) { Options = new Assignment([.. options.Select(o => new Setting(o.Item1, o.Item2))]), MaxTrials = 100_000 };

    /// <summary>Trials in portions, as a sweep runs so many at a time; each is over when the next ones are proposed.</summary>
    public static SearchHistory Search(ISampler sampler, SearchHistory history, int trials, ulong seed, Func<double[], double[]> f, int parallel = 1)
    {
        List<TrialRecord> records = [];
        while (records.Count < trials)
        {
            foreach (var proposal in sampler.Propose(history with { Trials = [.. records] }, parallel, new SearchRandom(seed)))
            {
                double[] x = [.. proposal.Assignment.Settings.Select(s => s.Value.Kind is ParameterKind.Text ? s.Value.AsText()[0] - 'a' : s.Value.AsNumber())];
                records.Add(Ended(proposal.Number, proposal.Assignment, f(x)));
            }
        }

        return history with { Trials = records };
    }

    public static double Best(this SearchHistory history) => history.Trials.Min(t => t.Outcome!.Objective!.Value);

    public static TrialRecord Ended(int number, Assignment assignment, params double[] values) => new(
        number, assignment,
        new TrialOutcome(TrialPhase.Succeeded, values[0], null, 1, "", null, "", null, null, [.. values.Select((v, i) => new Metric(i == 0 ? "f" : $"f{i + 1}", v))]));

    public static double Sphere(double[] x) => x.Sum(v => v * v);

    /// <summary>Axes of lengths up to 1,000 to 1 (Hansen et al. 2009, function 2).</summary>
    public static double Ellipsoid(double[] x) => x.Select((v, i) => Math.Pow(1e6, i / (double)(x.Length - 1)) * v * v).Sum();
}
