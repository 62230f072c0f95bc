using GenCluster.Configuration.Importers.Calls;
using GenCluster.Configuration.Schema;
using GenCluster.Configuration.Yaml;
using GenCluster.Core.Parameters;

namespace GenCluster.Configuration.Importers.RayTune;

/// <summary>
/// The functions of Ray Tune that draw values (ray, python/ray/tune/search/sample.py). The upper end of <c>randint</c> and
/// <c>lograndint</c> is excluded, that of all others included.
/// </summary>
internal static class TuneFunctions
{
    public static IReadOnlyList<string> Names { get; } =
    [
        "uniform", "quniform", "loguniform", "qloguniform", "randint", "qrandint", "lograndint", "qlograndint", "randn", "qrandn", "normal", "qnormal",
        "choice", "grid_search", "sample_from",
    ];

    private static readonly string[] Lower = ["lower", "low", "min"], Upper = ["upper", "high", "max"];

    public static Distribution? Read(CallNode call, string path, Place place, SweepDraft draft)
    {
        var draws = new Draws(draft, path, place);
        var get = new CallArguments(call, draws);
        return call.LastName switch
        {
            "uniform" => draws.Uniform(get.Number(0, Lower), get.Number(1, Upper)),
            "quniform" => draws.Multiples(draws.Uniform(get.Number(0, Lower), get.Number(1, Upper)), get.Number(2, "q"), integers: false),
            "loguniform" => draws.LogUniform(get.Number(0, Lower), get.Number(1, Upper)),
            "qloguniform" => draws.Multiples(draws.LogUniform(get.Number(0, Lower), get.Number(1, Upper)), get.Number(2, "q"), integers: false),
            "randint" => draws.Integers(get.Integer(0, Lower), get.Integer(1, Upper) - 1),
            "lograndint" => draws.LogIntegers(get.Integer(0, Lower), get.Integer(1, Upper) - 1),
            "qrandint" => draws.Multiples(Real(draws.Integers(get.Integer(0, Lower), get.Integer(1, Upper))), get.NumberOr(1, 2, "q"), integers: true),
            "qlograndint" => draws.Multiples(draws.LogUniform(get.Number(0, Lower), get.Number(1, Upper)), get.NumberOr(1, 2, "q"), integers: true),
            "randn" or "normal" => draws.Normal(get.NumberOr(0, 0, "mean"), get.NumberOr(1, 1, "sd")),
            "qrandn" or "qnormal" => draws.Multiples(draws.Normal(get.Number(0, "mean"), get.Number(1, "sd")), get.Number(2, "q"), integers: false),
            "choice" or "grid_search" => Choice(call, path, draws, draft),
            "sample_from" => draws.Wrong("sample_from calls a function of Python, which a file cannot hold; write the distribution, or when: for a parameter that depends on another"),
            var other => draws.Wrong($"{other} is no function of Ray Tune that draws values; the nearest is {Nearest.To(other, Names)}"),
        };
    }

    private static Distribution? Real(Distribution? integers) => integers is IntUniform { Min: var min, Max: var max } ? new Uniform(min, max) : integers;

    private static Distribution? Choice(CallNode call, string path, Draws draws, SweepDraft draft)
    {
        if (call.Argument(0, "categories", "values", "options") is not { } values)
            return draws.Wrong($"{call.Name} needs a list of values; write it");
        bool isGrid = call.LastName is "grid_search";
        return ForeignValues.ReadAll(values, path, draft) is { } read ? draws.OneOf(read, distinct: isGrid) : null;
    }
}
