using GenCluster.Core.Parameters;
using GenCluster.Core.Randomness;
using GenCluster.Core.Search;
using GenCluster.Search.Sampling.Knowledge;
using GenCluster.Search.Sampling.Tpe;

namespace GenCluster.Search.Sampling;

/// <summary>
/// The tree-structured Parzen estimator (Bergstra et al. 2011):
/// 1. until enough trials have a value, configurations are random;
/// 2. trials are ordered by <see cref="Merit"/>; the first gamma(n) are good, the others bad, and those that still run are bad
///    too, so that trials at work side by side keep apart (a constant liar);
/// 3. l is a density of the good, g of the bad (<see cref="ParzenEstimator"/>); of several candidates drawn from l that is
///    taken where ln l - ln g is greatest.
/// Hyperparameters with the same condition form a group with densities of its own; a group is chosen after those that its
/// condition asks for, and knows only trials that have it.
/// </summary>
public sealed class TpeSampler : ISampler
{
    private const byte Use = 1;

    /// <summary>How often candidates are drawn anew when constraints forbid all of them, before chance decides.</summary>
    private const int Attempts = 50;

    public string Name => "tpe";

    public IReadOnlyList<Proposal> Propose(SearchHistory history, int count, SearchRandom random)
    {
        var options = TpeOptions.Of(history);
        var axes = new Axes(history.Space);
        var groups = AxisGroup.Of(axes, history.Space, options.Multivariate);
        var observations = Observations.Of(history, axes);
        List<Proposal> proposals = [];
        for (int number = history.NextNumber; proposals.Count < count; number++)
        {
            bool begins = observations.Count(o => o.HasLosses) < options.StartupTrials;
            var learned = begins ? null : Learn(history, axes, groups, observations, options, random.For(number, Use));
            if ((learned ?? Draw.Next(history.Space, number, random)) is not { } assignment)
                break;
            proposals.Add(new Proposal(number, assignment));
            observations.Add(new Observation(axes.Locate(assignment)!, Standing.Running, []));
        }

        return proposals;
    }

    private static Assignment? Learn(
        SearchHistory history, Axes axes, IReadOnlyList<AxisGroup> groups, List<Observation> observations, TpeOptions options, RandomStream stream)
    {
        int known = observations.Count(o => o.Standing is not Standing.Running);
        var best = Merit.BestFirst(observations).Take(options.GoodAmong(known, history.Objectives.Length)).ToHashSet(ReferenceEqualityComparer.Instance);
        var densities = groups.Select(group => Densities.Of(group, observations, best.Contains, options)).ToList();
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            double[] point = new double[axes.Count];
            Array.Fill(point, double.NaN);
            if (densities.TrueForAll(d => d.TryChoose(point, axes, options.Candidates, stream)))
                return axes.AssignmentAt(point);
        }

        return null;
    }
}
