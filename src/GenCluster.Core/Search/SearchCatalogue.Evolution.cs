using GenCluster.Core.Models;
using static GenCluster.Core.Models.Hyperparameter;

namespace GenCluster.Core.Search;

public static partial class SearchCatalogue
{
    /// <summary>Samplers that breed configurations from earlier ones.</summary>
    private static AlgorithmDescription[] Evolution =>
    [
        new("cmaes", "CMA-ES with restarts (Hansen 2016; Auger and Hansen 2005): learns how numbers depend on each other.",
        [
            Number("sigma", 0.3, 1e-6, 1, "The first step size, in parts of each hyperparameter's range."),
            Integer("population", 0, 0, 10_000, "Trials of a generation; 0: 4 + 3 ln n for n numbers, and never fewer than 4."),
            Flag("restarts", true, "Whether it begins anew elsewhere when it has settled."),
            Number("populationFactor", 2, 1, 10, "How much larger a generation is after a restart."),
        ]),
        new("genetic", "A genetic algorithm: tournaments, crossover, mutation, and an elite that is never forgotten.",
        [
            Integer("population", 20, 2, 10_000, "Trials that parents are chosen from; so many are drawn at random first."),
            Integer("elite", 2, 0, 10_000, "The best of all trials are among them, so many."),
            Integer("tournament", 3, 1, 1000, "Trials that compete to be a parent."),
            Number("crossoverProbability", 0.9, 0, 1, "How often there are two parents."),
            Choice("crossover", "blend: numbers lie around those of the parents. uniform: they are those of one of them.", "blend", "uniform"),
            Number("blend", 0.5, 0, 2, "How far beyond the parents' values a number may lie, in parts of their distance."),
            Number("mutationProbability", 0, 0, 1, "How often a value is changed; 0: one of a trial's values on average."),
            Number("mutationScale", 0.1, 0, 1, "The standard deviation of a change, in parts of the range."),
        ]),
        new("nsga2", "NSGA-II (Deb et al. 2002): breeds a Pareto front for several objectives.",
        [
            Integer("population", 50, 2, 10_000, "Trials that parents are chosen from; so many are drawn at random first."),
            Number("crossoverProbability", 0.9, 0, 1, "How often there are two parents."),
            Number("crossoverIndex", 20, 0, 1000, "How near to their parents children are."),
            Number("mutationProbability", 0, 0, 1, "How often a value is changed; 0: one of a trial's values on average."),
            Number("mutationIndex", 20, 0, 1000, "How small changes are."),
        ]),
    ];
}
