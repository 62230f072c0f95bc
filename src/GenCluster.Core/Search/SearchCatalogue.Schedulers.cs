using GenCluster.Core.Models;
using GenCluster.Core.Parameters;
using static GenCluster.Core.Models.Hyperparameter;

namespace GenCluster.Core.Search;

public static partial class SearchCatalogue
{
    private const double AnySteps = 1e12;

    /// <summary>What <c>earlyStopping.type</c> may be.</summary>
    public static IReadOnlyList<AlgorithmDescription> Schedulers { get; } =
    [
        new("asha", "Asynchronous successive halving (Li et al. 2020): at each rung the best 1/reductionFactor go on.",
        [
            Choice("mode", "stop: a trial is judged when it passes a rung. promote: trials wait at rungs, and the best are resumed.", "stop", "promote"),
            Choice(
                "rule",
                "In mode stop: whose way of counting. All but the first are those of other tools, for files that come from them.",
                "gencluster", "ray", "optuna", "determined", "wandb"),
            Number("reductionFactor", 4, 1.01, 1000, "Of so many trials at a rung one goes on, and each rung has so many times the steps of the one before."),
            Number("gracePeriod", 0, 0, AnySteps, "Steps of the first rung; 0: those of the first evaluation (optuna: a hundredth of a finished trial; wandb: see bands)."),
            Integer("maxSteps", 0, 0, int.MaxValue, "Steps that rungs are counted down from or end at; 0: training.steps. Evaluations in wandb."),
            Integer("brackets", 1, 1, 32, "Groups of trials that begin at later and later rungs, as the first ones may be too early to tell; gencluster and ray."),
            Integer("earlyStoppingRate", 0, 0, 64, "Rungs that are left out at the beginning; gencluster and optuna."),
            Integer("bootstrap", 0, 0, 100_000, "A rung lets nobody pass until more trials than this have reached it; optuna."),
            Integer("maxRungs", 5, 1, 64, "Rungs at most, the last step included; determined."),
            Choice("bracketMode", "aggressive: one group of trials. standard, conservative: more that begin later; determined.", "aggressive", "standard", "conservative"),
            Integer("bands", 0, 0, 64, "Bands counted down from maxSteps, when there is no gracePeriod; wandb."),
            Flag("strict", true, "Whether the value at the band is judged, not the best until now; wandb."),
            Flag("stopLast", true, "Whether a trial ends at maxSteps; ray."),
        ])
        {
            Scopes =
            [
                Only("rule", "mode", "stop"),
                Only("brackets", "rule", "gencluster", "ray"),
                Only("earlyStoppingRate", "rule", "gencluster", "optuna"),
                Only("bootstrap", "rule", "optuna"),
                Only("maxRungs", "rule", "determined"),
                Only("bracketMode", "rule", "determined"),
                Only("bands", "rule", "wandb"),
                Only("strict", "rule", "wandb"),
                Only("stopLast", "rule", "ray"),
            ],
        },
        new("hyperband", "Hyperband (Li et al. 2018): brackets of successive halving, from many short trials to a few long ones.",
        [
            Choice(
                "mode",
                "synchronous: trials wait at rungs until their bracket has arrived. asynchronous: each is judged when it comes.",
                "synchronous", "asynchronous"),
            Number("reductionFactor", 3, 1.5, 1000, "Of so many trials at a rung one goes on."),
            Integer("minSteps", 0, 0, int.MaxValue, "Steps of the first rung of the first bracket; 0: those of the first evaluation."),
            Choice("rounding", "How many go on when the number is not whole: down as in the paper, up as in Ray.", "down", "up"),
        ]),
        new("median", "Stops a trial whose best value is worse than the median of the others (Golovin et al. 2017).", Percentiles()) { Scopes = OfPercentiles },
        new("percentile", "Stops a trial whose best value is not among the best so many percent of the others.",
        [
            Number("percentile", 25, 0, 100, "So many percent of the trials go on."),
            .. Percentiles(),
        ]) { Scopes = OfPercentiles },
        new("patience", "Stops a trial that has not become better for some evaluations.",
        [
            Integer("evaluations", 5, 1, 1_000_000, "So many in a row."),
            Number("minDelta", 0, 0, double.MaxValue, "What counts as better: by more than this. In optuna's rule it is what counts as worse."),
            Number("gracePeriod", 0, 0, AnySteps, "Steps before which no trial is stopped."),
            Choice("rule", "optuna: it stops when it has become worse, not when it has stayed the same.", "gencluster", "optuna"),
        ]),
        new("threshold", "Stops a trial whose metric leaves a range.",
        [
            new("metric", ParameterValue.Of(""), null, null, null, "Which metric; empty: the objective."),
            Number("lower", double.MinValue, double.MinValue, double.MaxValue, "The lowest value that is fine."),
            Number("upper", double.MaxValue, double.MinValue, double.MaxValue, "The highest value that is fine."),
            Number("gracePeriod", 0, 0, AnySteps, "Steps before which no trial is stopped."),
            Integer("interval", 1, 1, int.MaxValue, "Steps from one judgement to the next."),
        ]),
        new("pbt", "Population based training (Jaderberg et al. 2017): the worst go on from the weights and the changed settings of the best.",
        [
            Choice("mode", "asynchronous: each member is looked at when it comes. synchronous: when all have come.", "asynchronous", "synchronous"),
            Integer("population", 0, 0, 100_000, "Members; 0: search.maxTrials. More trials than that make further populations."),
            Integer("interval", 0, 0, int.MaxValue, "Steps from one milestone to the next; 0: training.evaluateEvery."),
            Integer("burnIn", 0, 0, int.MaxValue, "Steps before the first milestone."),
            Number("quantile", 0.25, 0, 0.5, "The worst part that is replaced, and the best part that replaces it."),
            Number("resampleProbability", 0.25, 0, 1, "How often a value is drawn anew."),
            Number("factorUp", 1.2, 1, 1000, "What a number is multiplied by, half of the other times."),
            Number("factorDown", 0.8, 0, 1, "What a number is multiplied by, the other half."),
            Flag("perturb", true, "Whether values that are not drawn anew are changed at all."),
        ])
        {
            Scopes = [new("factorUp", "perturb", [ParameterValue.Of(true)]), new("factorDown", "perturb", [ParameterValue.Of(true)])],
        },
    ];

    private static OptionScope[] OfPercentiles => [Only("minReports", "rule", "optuna"), Only("interval", "rule", "gencluster", "ray", "optuna")];

    private static OptionScope Only(string option, string of, params string[] values) => new(option, of, [.. values.Select(ParameterValue.Of)]);

    private static Hyperparameter[] Percentiles() =>
    [
        Choice(
            "rule",
            "gencluster, ray: against the others' mean until now. optuna: against finished trials at the same step. katib: against the mean, not the median.",
            "gencluster", "ray", "optuna", "katib"),
        Number("gracePeriod", 0, 0, AnySteps, "Steps before which no trial is stopped, and no value counts; in katib's rule a number of evaluations."),
        Integer("minTrials", 3, 0, 100_000, "Other trials to be compared with, at least."),
        Integer("minReports", 1, 1, 100_000, "Values at the same step, at least; optuna."),
        Integer("interval", 1, 1, int.MaxValue, "Steps from one judgement to the next."),
    ];

    private static Hyperparameter Flag(string path, bool @default, string meaning) => new(path, ParameterValue.Of(@default), null, null, null, meaning);
}
