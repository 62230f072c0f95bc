using GenCluster.Core.Search;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Trials;

namespace GenCluster.Search.Tests.Quality;

/// <summary>A sweep whose trials end at once with the value of a function.</summary>
public static class SimulatedSweep
{
    private static readonly ObjectiveSpec Objective = new("value", Goal.Minimize);

    /// <summary>The least value found after each trial.</summary>
    /// <param name="around">Is given each call of the sampler; for whoever measures its time.</param>
    public static IReadOnlyList<double> Run(
        ISampler sampler, TestFunction function, int trials, ulong seed, Func<Func<IReadOnlyList<Proposal>>, IReadOnlyList<Proposal>>? around = null)
    {
        around ??= propose => propose();
        var random = new SearchRandom(seed);
        List<TrialRecord> records = [];
        List<double> best = [];
        while (records.Count < trials)
        {
            var history = new SearchHistory(function.Space, Objective, [.. records]) { MaxTrials = trials };
            foreach (var proposal in around(() => sampler.Propose(history, 1, random)))
            {
                double value = function.At(proposal.Assignment);
                records.Add(new TrialRecord(proposal.Number, proposal.Assignment, new TrialOutcome(TrialPhase.Succeeded, value, null, 1, "", null, "")));
                best.Add(Math.Min(value, best.LastOrDefault(double.PositiveInfinity)));
            }
        }

        return best;
    }
}
