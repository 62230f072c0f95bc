using System.Text.RegularExpressions;
using GenCluster.Configuration.Importers.Calls;
using GenCluster.Configuration.Yaml;
using GenCluster.Core.Parameters;

namespace GenCluster.Configuration.Importers.RayTune;

/// <summary>
/// A search space as YAML users write that of Ray Tune, for want of Python: <c>{loguniform: [1e-4, 1e-1]}</c>,
/// <c>{grid_search: […]}</c>, <c>{space: loguniform, lower: 1e-4, upper: 1e-1}</c> or the call as a text. Maps nest; whatever
/// draws nothing is a fixed value.
/// </summary>
internal sealed partial class TuneSpace(SweepDraft draft)
{
    private static readonly string[] KindKeys = ["space", "type", "distribution", "sampler", "dist", "func"];

    private readonly HashSet<string> grids = new(StringComparer.Ordinal);

    /// <summary>Parameters that are tried value by value, all with all.</summary>
    public int Grids => grids.Count;

    public int Draws { get; private set; }

    public bool IsGrid(string path) => grids.Contains(path);

    /// <summary>Whether a map holds something that draws, on any level.</summary>
    public static bool HasDraws(Node node, int depth = 0) => node switch
    {
        _ when CallOf(node) is not null => true,
        MapNode map when depth < 32 => map.Entries.Any(e => HasDraws(e.Value, depth + 1)),
        _ => false,
    };

    public void Read(MapNode map, string prefix)
    {
        foreach (var (key, value) in map.Entries)
        {
            string path = prefix.Length == 0 ? key.Text : $"{prefix}.{key.Text}";
            if (CallOf(value) is { } call)
                Add(key.Place, path, call);
            else if (value is MapNode { Entries.Count: > 0 } inner)
                Read(inner, path);
            else if (ForeignValues.Read(value, path, draft) is { } constant)
                draft.Add(key.Place, path, new Constant(constant));
        }
    }

    private void Add(Place place, string path, CallNode call)
    {
        var distribution = TuneFunctions.Read(call, path, place, draft);
        if (call.LastName is "grid_search")
            grids.Add(path);
        else
            Draws++;
        draft.Add(place, path, distribution);
    }

    /// <summary>The call that a value stands for, in any of the ways of writing it; null when it is none.</summary>
    private static CallNode? CallOf(Node node) => node switch
    {
        ScalarNode scalar when Start().Match(scalar.Text) is { Success: true } start && TuneFunctions.Names.Contains(start.Groups[1].Value) =>
            CallText.Read(scalar) ?? new CallNode(scalar.Place, start.Groups[1].Value), // what it cannot read, such as a lambda, lacks its arguments
        MapNode { Entries: [{ Key.Text: var name, Value: var arguments }] } when TuneFunctions.Names.Contains(Plain(name)) => Of(name, arguments),
        MapNode map when KindKeys.FirstOrDefault(k => map.Find(k) is ScalarNode s && TuneFunctions.Names.Contains(Plain(s.Text))) is { } key => OfMap(map, key),
        _ => null,
    };

    private static string Plain(string name) => name[(name.LastIndexOf('.') + 1)..];

    private static CallNode Of(string name, Node arguments)
    {
        var call = new CallNode(arguments.Place, Plain(name));
        if (arguments is MapNode map)
            map.Entries.ForEach(e => call.Named[e.Key.Text] = e.Value);
        else if (arguments is ListNode list && call.Name is "choice" or "grid_search")
            call.Arguments.Add(arguments);
        else if (arguments is ListNode all)
            call.Arguments.AddRange(all.Items);
        else
            call.Arguments.Add(arguments);
        return call;
    }

    private static CallNode OfMap(MapNode map, string key)
    {
        var call = new CallNode(map.Place, Plain(((ScalarNode)map.Find(key)!).Text));
        foreach (var entry in map.Entries.Where(e => e.Key.Text != key))
            call.Named[entry.Key.Text] = entry.Value;
        if (call.Named.Remove("args", out var arguments) && arguments is ListNode list)
            call.Arguments.AddRange(list.Items);
        return call;
    }

    [GeneratedRegex(@"^(?:[A-Za-z_]+\.)*([A-Za-z_]+)\(")]
    private static partial Regex Start();
}
