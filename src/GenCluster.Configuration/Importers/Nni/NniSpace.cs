using GenCluster.Configuration.Diagnostics;
using GenCluster.Configuration.Schema;
using GenCluster.Configuration.Yaml;
using GenCluster.Core.Parameters;

namespace GenCluster.Configuration.Importers.Nni;

/// <summary>
/// A search space of NNI (docs/source/hpo/search_space.rst): <c>{_type, _value}</c> for each parameter. A choice of maps with a
/// <c>_name</c> brings parameters that only trials with that choice have.
/// </summary>
internal sealed class NniSpace(SweepDraft draft)
{
    private const int MaxDepth = 16;

    private static readonly string[] Types =
        ["choice", "randint", "uniform", "quniform", "loguniform", "qloguniform", "normal", "qnormal", "lognormal", "qlognormal"];

    public void Read(MapNode space, string prefix, Predicate? when, int depth = 0)
    {
        foreach (var (key, value) in space.Entries.Where(e => e.Key.Text != "_name"))
        {
            string path = prefix.Length == 0 ? key.Text : $"{prefix}.{key.Text}";
            if (depth > MaxDepth || value is not MapNode map || map.Find("_type") is not ScalarNode type || map.Find("_value") is not ListNode values)
                draft.Wrong(value.Place, $"{path}: got {value.Describe()}; write {{_type: …, _value: […]}}");
            else if (!Types.Contains(type.Text))
                draft.Wrong(type.Place, $"{path}._type: got {Shown.Quoted(type.Text)}; it is one of {string.Join(", ", Types)}, the nearest is {Nearest.To(type.Text, Types)}");
            else if (type.Text is "choice" && values.Items.Count > 0 && values.Items.TrueForAll(v => v is MapNode choice && choice.Find("_name") is ScalarNode))
                ReadNested(key.Place, path, values, when, depth);
            else
                draft.Add(key.Place, path, Read(type.Text, values, path, key.Place), when);
        }
    }

    private void ReadNested(Place place, string path, ListNode values, Predicate? when, int depth)
    {
        var choices = values.Items.Cast<MapNode>().ToList();
        var names = choices.ConvertAll(c => ParameterValue.Of(((ScalarNode)c.Find("_name")!).Text));
        draft.Add(place, path, new Draws(draft, path, place).OneOf(names, distinct: true), when);
        for (int i = 0; i < choices.Count; i++)
        {
            var chosen = Predicate.Is(path, names[i]);
            Read(choices[i], path, when is null ? chosen : Predicate.All(when, chosen), depth + 1);
        }
    }

    private Distribution? Read(string type, ListNode list, string path, Place place)
    {
        var draws = new Draws(draft, path, place);
        if (type is "choice")
            return ForeignValues.ReadAll(list, $"{path}._value", draft) is { } values ? draws.OneOf(values) : null;
        var numbers = list.Items.Select(i => i is ScalarNode s ? Yaml11.NumberOf(s.Text) ?? Yaml11.IntegerOf(s.Text) : null).ToList();
        int expected = type is ['q', ..] ? 3 : 2;
        if (numbers.Count != expected || numbers.Contains(null))
            return draws.Wrong($"_value of {type} is {(expected == 3 ? "three numbers, with the step" : "two numbers")}; write them");
        var (first, second) = (numbers[0], numbers[1]);
        double? step = expected == 3 ? numbers[2] : null;
        return type.TrimStart('q') switch
        {
            "randint" => draws.Integers((long)Math.Clamp(Math.Ceiling(first!.Value), -9e18, 9e18), (long)Math.Clamp(Math.Ceiling(second!.Value), -9e18, 9e18) - 1),
            "uniform" => Stepped(draws.Uniform(first, second)),
            "loguniform" => Stepped(draws.LogUniform(first, second)),
            "normal" => Stepped(draws.Normal(first, second)),
            _ => Stepped(draws.LogNormal(first, second)),
        };

        Distribution? Stepped(Distribution? inner) => step is null ? inner : draws.Multiples(inner, step, integers: false);
    }
}
