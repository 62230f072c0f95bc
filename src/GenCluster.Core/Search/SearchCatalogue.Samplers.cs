using GenCluster.Core.Models;
using GenCluster.Core.Parameters;

namespace GenCluster.Core.Search;

public static partial class SearchCatalogue
{
    /// <summary>What <c>search.algorithm</c> may be.</summary>
    public static IReadOnlyList<AlgorithmDescription> Samplers { get; } =
    [
        new("random", "Draws each hyperparameter from its distribution, independently of the others (Bergstra and Bengio 2012).", []),
        new("grid", "Tries all combinations of values, each once; the last path changes fastest.", []),
        new("sobol", "Spreads trials more evenly than chance: a scrambled Sobol sequence (Joe and Kuo 2008).",
        [
            Hyperparameter.Choice("scrambling", "How the sequence depends on the seed: Owen's nested flips, one shift for all points, or not at all.", "owen", "shift", "none"),
        ]),
        new("tpe", "Tries what is likelier among good trials than among bad ones: the tree-structured Parzen estimator (Bergstra et al. 2011).",
        [
            StartupTrials,
            Hyperparameter.Integer("candidates", 24, 1, 10_000, "Configurations drawn from the good density, of which the best is taken."),
            Hyperparameter.Number("gamma", 0.1, 0.001, 1, "The share of trials that are good."),
            Hyperparameter.Choice("gammaRule", "What gamma is a share of: of all trials, or of the root of their number.", "linear", "root"),
            Hyperparameter.Integer("maxGood", 25, 1, 10_000, "Good trials at most; with several objectives there is no such bound."),
            Hyperparameter.Number("priorWeight", 1, 0, 1_000, "The weight of the parameter's own distribution, in trials."),
            Flag("multivariate", true, "Whether hyperparameters with the same condition are modelled together."),
            Flag("considerEndpoints", false, "Whether a kernel's width counts the gap to the end of the range; when not multivariate."),
            Flag("magicClip", true, "Whether kernels are kept wide while there are few trials."),
        ]),
        new("gp", "Models the objective by a Gaussian process and tries where the expected improvement is greatest (Ament et al. 2023).",
        [
            StartupTrials,
            Hyperparameter.Integer("candidates", 512, 16, 100_000, "Points at which the improvement is looked up before the best are refined."),
            Hyperparameter.Integer("localSearches", 6, 1, 100, "Points that are refined."),
            Hyperparameter.Number("minNoise", 1e-6, 1e-10, 1, "The least variance of the objective's noise, as a part of the variance of its values."),
        ]),
        .. Evolution,
    ];

    private static Hyperparameter StartupTrials => Hyperparameter.Integer("startupTrials", 10, 1, 100_000, "Trials with a value before the history is used.");
}
