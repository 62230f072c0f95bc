using GenCluster.Core.Search;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Trials;

namespace GenCluster.Search.Tests.Quality;

/// <summary>A sweep whose trials end at once with the value of a function.</summary>
public static class FunctionSearch
{
    private static readonly ObjectiveSpec Objective = new("value", Goal.Minimize);

    /// <summary>The least value found after each trial.</summary>
    public static IReadOnlyList<double> Run(ISampler sampler, TestFunction function, int trials, ulong seed)
    {
        var random = new SearchRandom(seed);
        var history = new SearchHistory(function.Space, Objective, []) { MaxTrials = trials };
        List<double> best = [];
        while (history.Trials.Count < trials)
        {
            history = With(history, function, sampler.Propose(history, 1, random));
            best.Add(Math.Min(history.Trials[^1].Outcome!.Objective!.Value, best.LastOrDefault(double.PositiveInfinity)));
        }

        return best;
    }

    /// <summary>A history of so many random trials.</summary>
    public static SearchHistory After(TestFunction function, int trials)
    {
        var history = new SearchHistory(function.Space, Objective, []) { MaxTrials = trials };
        return With(history, function, Samplers.Find("random")!.Propose(history, trials, new SearchRandom(1)));
    }

    private static SearchHistory With(SearchHistory history, TestFunction function, IEnumerable<Proposal> proposals) => history with
    {
        Trials = [.. history.Trials, .. proposals.Select(p => new TrialRecord(p.Number, p.Assignment, Ended(function.At(p.Assignment))))],
    };

    private static TrialOutcome Ended(double value) => new(TrialPhase.Succeeded, value, null, 1, "", null, "");
}
