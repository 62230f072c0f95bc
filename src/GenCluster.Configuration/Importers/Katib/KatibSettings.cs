using GenCluster.Configuration.Diagnostics;
using GenCluster.Configuration.Yaml;

namespace GenCluster.Configuration.Importers.Katib;

/// <summary>The settings of an algorithm, a list of names and values. It remembers which were asked for.</summary>
internal sealed class KatibSettings
{
    private readonly Dictionary<string, ScalarNode> values = new(StringComparer.Ordinal);
    private readonly HashSet<string> asked = new(StringComparer.Ordinal);
    private readonly SweepDraft draft;

    public KatibSettings(ForeignMap algorithm, SweepDraft draft)
    {
        this.draft = draft;
        Place = algorithm.Place;
        foreach (var item in algorithm.List("algorithmSettings") ?? [])
        {
            if (item is MapNode map && map.Find("name") is ScalarNode name && map.Find("value") is ScalarNode value)
                values[name.Text] = value;
            else
                draft.Wrong(item.Place, $"{algorithm.PathOf("algorithmSettings")}: got {item.Describe()}; write {{name, value}}");
        }
    }

    public Place Place { get; }

    public string? Text(string name)
    {
        asked.Add(name);
        return values.TryGetValue(name, out var value) ? value.Text : null;
    }

    public Place PlaceOf(string name) => values.TryGetValue(name, out var value) ? value.Place : Place;

    public double? Number(string name, double min, double max)
    {
        if (Text(name) is not { } text)
            return null;
        if (Yaml11.NumberOf(text) is { } number && number >= min && number <= max)
            return number;
        draft.Wrong(PlaceOf(name), $"setting {name}: got {Shown.Quoted(text)}; write a number from {Draws.Number(min)} to {Draws.Number(max)}");
        return null;
    }

    public long? Integer(string name, long min, long max)
    {
        if (Number(name, min, max) is not { } number)
            return null;
        if (Math.Floor(number) == number)
            return (long)number;
        draft.Wrong(PlaceOf(name), $"setting {name}: got {Draws.Number(number)}; write a whole number");
        return null;
    }

    public void RestIsNotCarried(string why)
    {
        foreach (var (name, value) in values.Where(v => !asked.Contains(v.Key)))
            draft.NotCarried(value.Place, $"setting {Shown.Quoted(name)}", why);
    }
}
