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
        return Make(space, distribution, low, high, step, isInteger, draws, draft);
    }

    private static Distribution? Make(ForeignMap space, string distribution, double low, double high, double? step, bool isInteger, Draws draws, SweepDraft draft)
    {
        if (low == high)
            return draws.Evenly(low, high, 1, isInteger);
        if (distribution is "logUniform" or "logNormal" && low <= 0)
            return draws.Wrong($"feasibleSpace.min is {Draws.Number(low)}, which has no logarithm; write a number above 0, or distribution uniform");
        double? steps = step ?? (isInteger ? 1 : null);
        switch (distribution)
        {
            case "uniform" when steps is { } width:
                return draws.Evenly(low, high, width, isInteger);
            case "uniform":
                return draws.Uniform(low, high);
            case "logUniform" when isInteger && step is null or 1:
                return draws.LogIntegers((long)low, (long)high);
            case "logUniform":
                return Stepped(draws.LogUniform(low, high));
            default:
                draft.Warn(space.PlaceOf("distribution"), $"{space.PathOf("distribution")}: Katib draws from a {distribution} distribution that leaves min and max now and then; here no value does");
                return Stepped(distribution is "normal"
                    ? draws.Normal((low + high) / 2, (high - low) / Deviations, low, high)
                    : draws.LogNormal((Math.Log(low) + Math.Log(high)) / 2, (Math.Log(high) - Math.Log(low)) / Deviations, low, high));
        }

        Distribution? Stepped(Distribution? inner) =>
            inner is Continuous && steps is { } width ? draws.Sound(new Quantized(inner, width, isInteger, low)) : inner;
    }
}
