using GenCluster.Configuration.Diagnostics;
using GenCluster.Configuration.Schema;
using GenCluster.Configuration.Yaml;
using GenCluster.Core.Parameters;

namespace GenCluster.Configuration.Importers.Polyaxon;

/// <summary>
/// Parameters of a Polyaxon matrix, <c>{kind, value}</c>, where a value is a list, a map or a text like <c>10:600:50</c>. Ranges
/// are those of NumPy: <c>range</c> leaves its end out, the spaces include it.
/// </summary>
internal static class PolyaxonSpace
{
    private static readonly string[] Kinds =
    [
        "choice", "pchoice", "range", "linspace", "logspace", "geomspace", "uniform", "quniform", "loguniform", "qloguniform",
        "normal", "qnormal", "lognormal", "qlognormal", "daterange", "datetimerange",
    ];

    public static void Read(ForeignMap parameters, SweepDraft draft)
    {
        foreach (var entry in parameters.Entries)
        {
            if (parameters.Map(entry.Key.Text) is not { } one)
                continue;
            var kind = one.Find("kind") as ScalarNode;
            if (kind is null || !Kinds.Contains(kind.Text))
                draft.Wrong(kind?.Place ?? entry.Key.Place, $"{one.PathOf("kind")}: {(kind is null ? "missing, but required" : $"got {Shown.Quoted(kind.Text)}, the nearest is {Nearest.To(kind.Text, Kinds)}")}; write one of {string.Join(", ", Kinds)}");
            else
                draft.Add(entry.Key.Place, entry.Key.Text, Read(kind.Text, one, new Draws(draft, entry.Key.Text, entry.Key.Place), draft));
        }
    }

    private static Distribution? Read(string kind, ForeignMap one, Draws draws, SweepDraft draft)
    {
        if (one.Find("value") is not { } value)
            return draws.Wrong("there is no value; write it");
        if (kind is "choice")
            return ForeignValues.ReadAll(value, one.PathOf("value"), draft) is { } values ? draws.OneOf(values) : null;
        if (kind is "pchoice")
            return Weighted(value, one, draws, draft);
        if (kind.StartsWith("date", StringComparison.Ordinal))
            return draws.Wrong($"{kind} gives dates, which are no values here; write choice with texts");
        var numbers = Numbers(value, kind, draws);
        return numbers is null ? null : OfNumbers(kind, numbers, IsWhole(value), draws);
    }

    private static Distribution? OfNumbers(string kind, double[] n, bool isWhole, Draws draws)
    {
        bool stepped = kind is ['q', ..];
        switch (kind)
        {
            case "range":
                return draws.Steps(n[0], n[1], n[2], isWhole, including: false);
            case "linspace" or "logspace" or "geomspace":
                return Space(kind, n, draws);
            case "loguniform" or "qloguniform":
                draws.Say("the bounds are exponents of e, as in Hyperopt");
                return Stepped(draws.LogUniform(Math.Exp(n[0]), Math.Exp(n[1])));
            case "uniform" or "quniform":
                return Stepped(draws.Uniform(n[0], n[1]));
            case "normal" or "qnormal":
                return Stepped(draws.Normal(n[0], n[1]));
            default:
                return Stepped(draws.LogNormal(n[0], n[1]));
        }

        Distribution? Stepped(Distribution? inner) => stepped ? draws.Multiples(inner, n[2], integers: false) : inner;
    }

    private static Distribution? Space(string kind, double[] n, Draws draws)
    {
        if (!double.IsInteger(n[2]) || n[2] is < 1 or > Draws.MostValues)
            return draws.Wrong($"{kind} has {Draws.Number(n[2])} values; write a whole number of them, at most {Draws.MostValues}");
        int count = (int)n[2];
        var values = Enumerable.Range(0, count).Select(i => count == 1 ? 0 : i / (count - 1.0)).Select(t => kind switch
        {
            "linspace" => n[0] + t * (n[1] - n[0]),
            "logspace" => Math.Pow(10, n[0] + t * (n[1] - n[0])),
            _ => n[0] * Math.Pow(n[1] / n[0], t),
        }).ToList();
        return values.TrueForAll(double.IsFinite) ? draws.OneOf([.. values.Select(ParameterValue.Of)], distinct: true) : draws.Wrong($"{kind} has values that are no numbers; change its bounds");
    }

    private static Distribution? Weighted(Node value, ForeignMap one, Draws draws, SweepDraft draft)
    {
        var pairs = (value as ListNode)?.Items.Select(i => i as ListNode).ToList() ?? [];
        if (pairs.Count == 0 || pairs.Any(p => p is not { Items: [_, ScalarNode s] } || Yaml11.NumberOf(s.Text) is null))
            return draws.Wrong("pchoice takes a list of pairs, a value and its probability; write it");
        var values = pairs.ConvertAll(p => ForeignValues.Read(p!.Items[0], one.PathOf("value"), draft));
        return values.Contains(null) ? null : draws.OneOf([.. values.Select(v => v!.Value)], [.. pairs.Select(p => Yaml11.NumberOf(((ScalarNode)p!.Items[1]).Text)!.Value)]);
    }

    private static double[]? Numbers(Node value, string kind, Draws draws)
    {
        string[] names = kind switch
        {
            "range" => ["start", "stop", "step"],
            "linspace" or "logspace" or "geomspace" => ["start", "stop", "num"],
            "normal" or "lognormal" => ["loc", "scale"],
            "qnormal" or "qlognormal" => ["loc", "scale", "q"],
            "quniform" or "qloguniform" => ["low", "high", "q"],
            _ => ["low", "high"],
        };
        string[] texts = Texts(value, names);
        double?[] numbers = [.. texts.Select(Yaml11.NumberOf)];
        if (numbers.Length == names.Length && !numbers.Contains(null))
            return [.. numbers.Select(n => n!.Value)];
        draws.Wrong($"{kind} takes {string.Join(", ", names)}; write them as a map, a list or {string.Join(":", names)}");
        return null;
    }

    private static string[] Texts(Node value, string[] names) => value switch
    {
        ScalarNode scalar => scalar.Text.Split(':'),
        ListNode list => [.. list.Items.Select(i => (i as ScalarNode)?.Text ?? "")],
        MapNode map => [.. names.Select(n => (map.Find(n) as ScalarNode)?.Text ?? "")],
        _ => [],
    };

    private static bool IsWhole(Node value) => Texts(value, ["start", "stop", "step"]).All(t => Yaml11.IntegerOf(t) is not null);
}
