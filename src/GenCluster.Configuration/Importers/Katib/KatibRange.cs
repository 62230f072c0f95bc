using GenCluster.Configuration.Yaml;
using GenCluster.Core.Parameters;

namespace GenCluster.Configuration.Importers.Katib;

/// <summary>
/// A feasible space between two bounds. What its distributions mean is in kubeflow/katib,
/// pkg/suggestion/v1beta1/hyperopt/base_service.py: a normal one has the middle for a mean and a sixth of the range for a
/// standard deviation, of the logarithms where it is a log-normal one.
/// </summary>
internal static class KatibRange
{
    private const double Deviations = 6;

    public static Distribution? Read(ForeignMap space, bool isInteger, Draws draws, SweepDraft draft)
    {
        if (!space.Has("min") || !space.Has("max"))
            return draws.Wrong("feasibleSpace has no min and max; write both");
        var (min, max, step) = (space.Number("min"), space.Number("max"), space.Number("step"));
        string distribution = space.Choice("distribution", "uniform", "logUniform", "normal", "logNormal") ?? "uniform";
        if (draws.Range(min, max) is not var (low, high) || (space.Has("step") && step is null))
            return null;
        if (step is <= 0)
            return draws.Wrong($"feasibleSpace.step is {Draws.Number(step)}; write a number above 0");
        if (isInteger && (space.Integer("min", long.MinValue, long.MaxValue), space.Integer("max", long.MinValue, long.MaxValue)) is not ({ }, { }))
            return null;
        return Make(distribution, low, high, step, isInteger, draws, draft);
    }

    private static Distribution? Make(string distribution, double low, double high, double? step, bool isInteger, Draws draws, SweepDraft draft) => null;
}
