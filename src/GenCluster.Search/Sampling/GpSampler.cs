using GenCluster.Core.Parameters;
using GenCluster.Core.Search;
using GenCluster.Search.Sampling.Gp;
using GenCluster.Search.Sampling.Knowledge;
using GenCluster.Search.Sampling.Sobol;

namespace GenCluster.Search.Sampling;

/// <summary>
/// Bayesian optimisation with a Gaussian process:
/// 1. until enough trials have a value, configurations are the points of a scrambled Sobol sequence;
/// 2. a process with a Matérn 5/2 covariance and a length scale for each hyperparameter is fitted to the trials, as the most
///    probable one (<see cref="MarginalLikelihood"/>);
/// 3. every second trial doubts it, or a fit that is too sure of itself would only ever refine the first good place (a
///    quarter of the length scales; the idea is that of Berkenkamp, Schoellig and Krause 2019);
/// 4. trials that still run count as if they had given what the process expects of them, so the next one keeps away;
/// 5. the point with the greatest logarithm of expected improvement that no trial has is proposed (<see cref="ImprovementSearch"/>).
/// </summary>
public sealed class GpSampler : ISampler
{
    private const byte Use = 2;

    public string Name => "gp";

    public IReadOnlyList<Proposal> Propose(SearchHistory history, int count, SearchRandom random)
    {
        var options = GpOptions.Of(history);
        var features = new Features(new Axes(history.Space));
        var observations = Observations.Of(history, features.Axes);
        var startup = new ScrambledSobol(history.Space, random, Scrambling.Owen);
        List<Proposal> proposals = [];
        for (int number = history.NextNumber; proposals.Count < count; number++)
        {
            bool begins = observations.Count(o => o.HasLosses) < options.StartupTrials || features.Axes.Count == 0;
            double[]? chosen = begins
                ? features.Axes.PointAt(axis => startup.At(number - 1, features.Axes.All[axis].Parameter.Path))
                : Learn(history, features, observations, options, random, number);
            var assignment = chosen is not null && features.Axes.Admits(chosen)
                ? features.Axes.AssignmentAt(chosen)
                : Draw.Next(history.Space, number, random);
            if (assignment is null)
                break;
            proposals.Add(new Proposal(number, assignment));
            observations.Add(new Observation(features.Axes.Locate(assignment)!, Standing.Running, []));
        }

        return proposals;
    }

    private static double[]? Learn(
        SearchHistory history, Features features, List<Observation> observations, GpOptions options, SearchRandom random, int number)
    {
        var stream = random.For(number, Use);
        var known = observations.Where(o => o.Standing is not Standing.Running).ToList();
        double[] targets = Targets.Of(known, stream);
        double[][] points = [.. known.Select(o => features.Of(o.Point))];
        var settings = GaussianProcess.Fit(features, points, targets, options.MinNoise);
        if (number % 2 == 0)
            settings = settings.Doubted();
        var process = new GaussianProcess(features, settings, points, targets)
            .Believing([.. observations.Where(o => o.Standing is Standing.Running).Select(o => features.Of(o.Point))]);

        var taken = observations.Select(o => features.Of(o.Point)).ToList();
        return new ImprovementSearch(features.Axes, new LocalSearch(features, process), options).Find(
            new ScrambledSobol(history.Space, new SearchRandom(stream.NextUInt64()), Scrambling.Owen),
            known.Zip(targets).OrderBy(k => k.Second).Select(k => k.First.Point),
            stream,
            point => taken.Exists(t => t.AsSpan().SequenceEqual(features.Of(point))));
    }
}
