using System.Text.RegularExpressions;
using GenCluster.Configuration.Diagnostics;
using GenCluster.Configuration.Yaml;
using GenCluster.Core.Parameters;
using GenCluster.Core.Search;
using GenCluster.Core.Sweeps;

namespace GenCluster.Configuration.Importers.Polyaxon;

/// <summary>Operations of Polyaxon with a <c>matrix</c>: grid, random, mapping, bayes, hyperopt and hyperband.</summary>
internal sealed partial class PolyaxonImporter : ISweepImporter
{
    private static readonly string[] Kinds = ["grid", "random", "mapping", "bayes", "hyperopt", "hyperband", "iterative"];

    public string Kind => "a Polyaxon operation with a matrix";

    public bool Recognises(MapNode root) => root.Find("matrix") is MapNode matrix && matrix.Find("kind") is ScalarNode;

    public void Read(ForeignMap root, SweepDraft draft)
    {
        draft.Name = root.Text("name");
        var matrix = root.Map("matrix")!;
        string? kind = matrix.Choice("kind", Kinds);
        if (kind is "iterative")
            draft.Refuse(matrix.PlaceOf("kind"), "matrix.kind: iterative is a program of your own that chooses trials, which a file does not hold; write random, bayes or hyperopt");
        if (kind is null or "iterative")
            return;
        if (kind is "mapping")
            ReadMapping(matrix, draft);
        else if (matrix.Map("params") is { } parameters)
            PolyaxonSpace.Read(parameters, draft);
        else
            draft.Wrong(matrix.Place, "matrix.params: missing, but required; write a map from names to {kind, value}");
        ReadObjective(matrix, kind, draft);
        ReadSearch(matrix, kind, draft);
        ReadCommand(root, draft);
        root.Ignore("version", "kind", "description", "tags", "pathRef", "hubRef", "dagRef", "urlRef", "component", "run", "inputs", "outputs");
        root.NotCarried("fixed inputs of the component are its own", "params");
        root.RestIsNotCarried("it is a matter of Polyaxon");
    }

    /// <summary>A list of configurations: they are what is tried first, and all that is tried.</summary>
    private static void ReadMapping(ForeignMap matrix, SweepDraft draft)
    {
        var rows = (matrix.List("values") ?? []).OfType<MapNode>().ToList();
        var columns = new SortedDictionary<string, List<ParameterValue>>(StringComparer.Ordinal);
        foreach (var row in rows)
        {
            var settings = new List<Setting>();
            foreach (var (key, value) in row.Entries)
            {
                if (ForeignValues.Read(value, key.Text, draft) is not { } read)
                    continue;
                settings.Add(new Setting(key.Text, read));
                if (!columns.TryGetValue(key.Text, out var column))
                    columns[key.Text] = column = [];
                if (!column.Contains(read))
                    column.Add(read);
            }

            draft.SeedTrials.Add(new Assignment([.. settings]));
        }

        foreach (var (name, values) in columns)
            draft.Add(matrix.PlaceOf("values"), name, values is [var only] ? new Constant(only) : new Draws(draft, name, matrix.PlaceOf("values")).OneOf(values));
        if (rows.Count == 0)
            draft.Wrong(matrix.Place, "matrix.values: there are none; write a list of maps from names to values");
        draft.MaxTrials = rows.Count;
        draft.Warn(matrix.PlaceOf("kind"), $"the {rows.Count} configurations of the mapping are the sweep's seed trials, and there are no others");
    }

    private static void ReadSearch(ForeignMap matrix, string kind, SweepDraft draft)
    {
        draft.Algorithm = kind switch { "grid" => "grid", "bayes" => "gp", "hyperopt" => matrix.Text("algorithm") is "rand" ? "random" : "tpe", _ => "random" };
        draft.ParallelTrials = matrix.Integer("concurrency", 1, int.MaxValue) ?? 1;
        draft.Seed = matrix.Integer("seed", 0, 1L << 53) ?? 0;
        long? runs = matrix.Integer("numRuns", 1, int.MaxValue);
        if (kind is "grid" && GridSize.Of(draft.Parameters) is { } grid)
            runs = Math.Min(runs ?? long.MaxValue, grid);
        else if (kind is "grid")
            draft.Wrong(matrix.PlaceOf("kind"), "matrix.kind: a grid needs an end of values; write choice, range or linspace");
        if (kind is "bayes")
        {
            runs = (matrix.Integer("numInitialRuns", 1, 1_000_000) ?? 10) + (matrix.Integer("maxIterations", 1, 1_000_000) ?? 10);
            if (matrix.Find("numInitialRuns") is ScalarNode initial && Yaml11.IntegerOf(initial.Text) is { } startup)
                draft.Option(initial.Place, "matrix.numInitialRuns", "startupTrials", ParameterValue.Of(startup));
        }

        if (kind is "hyperband")
            ReadHyperband(matrix, draft);
        draft.MaxTrials ??= runs;
        if (draft.MaxTrials is null && kind is not "hyperband")
            draft.Wrong(matrix.Place, $"matrix.numRuns: missing, but {kind} needs it; write how many trials there are");
        draft.ParallelTrials = Math.Min(draft.ParallelTrials, draft.MaxTrials ?? long.MaxValue);
        matrix.NotCarried("earlyStopping says when trials end, see the sweep file", "earlyStopping");
        matrix.RestIsNotCarried($"{draft.Algorithm} has no such option here");
    }

    private static void ReadHyperband(ForeignMap matrix, SweepDraft draft)
    {
        var (most, eta) = (matrix.Integer("maxIterations", 1, int.MaxValue) ?? 1, matrix.Number("eta") ?? 3);
        draft.Steps = most;
        draft.EarlyStopping = new EarlyStoppingSpec("hyperband", new OptionList().Add("reductionFactor", eta).Build(SearchCatalogue.FindScheduler("hyperband")));
        int largest = eta > 1 ? (int)Math.Floor(Math.Log(most) / Math.Log(eta) + 1e-9) : 0;
        double trials = Enumerable.Range(0, largest + 1).Sum(s => Math.Ceiling((largest + 1.0) / (s + 1) * Math.Pow(eta, s)));
        draft.MaxTrials = (long)Math.Clamp(trials, 1, SweepDraft.Endless);
        draft.Warn(matrix.PlaceOf("kind"), $"Polyaxon gives a trial its iterations as a parameter; here each trains on to {most} values that it reports, and those behind wait and end");
        matrix.Ignore("resume");
        if (matrix.Map("resource") is { } resource && resource.Text("name") is { Length: > 0 } name && draft.Parameters.All(p => p.Path != name))
            draft.Add(resource.Place, name, new Constant(ParameterValue.Of(most)));
    }

    private static void ReadObjective(ForeignMap matrix, string kind, SweepDraft draft)
    {
        if (matrix.Map("metric") is { } metric)
        {
            draft.Objective = new ObjectiveSpec(metric.Text("name") ?? "loss", metric.Choice("optimization", "minimize", "maximize") is "maximize" ? Goal.Maximize : Goal.Minimize);
            return;
        }

        draft.Objective = new ObjectiveSpec("loss", Goal.Minimize);
        if (kind is "bayes" or "hyperband" or "hyperopt")
            draft.Wrong(matrix.Place, $"matrix.metric: missing, but {kind} needs one; write {{name, optimization: minimize or maximize}}");
        else
            draft.Warn(matrix.Place, "there is no metric; trials are ranked by a metric 'loss', less is better: change it in objective");
    }

    private static void ReadCommand(ForeignMap root, SweepDraft draft)
    {
        var component = root.Node.Find("component") as MapNode ?? root.Node;
        if ((component.Find("run") as MapNode)?.Find("container") is not MapNode container)
        {
            draft.Command = new CommandSpec([]);
            draft.NothingToRun(root.Place, root.Has("pathRef")
                ? $"the program is in another file, {Shown.Quoted(root.Text("pathRef") ?? "")}, and only this one is read; write its command as trainable.command before you run the sweep"
                : "nothing says what a trial runs; write trainable.command before you run the sweep");
            return;
        }

        var read = new ForeignMap(container, "container", draft);
        string[] arguments = [.. Words(read.Find("command")), .. Words(read.Find("args"))];
        draft.Command = new CommandSpec([.. arguments.Select(a => Template().Replace(a, m => $"${{trialParameters.{m.Groups[1].Value}}}"))]);
        if (!read.Has("command"))
            draft.NothingToRun(container.Place, "the container has no command, so the program is in its image; write it at the front of trainable.command before you run the sweep");
        read.NotCarried("programs run on the machine of their worker; install there what the image holds", "image");
        read.Ignore("name", "imagePullPolicy");
        read.RestIsNotCarried("it is a matter of Kubernetes");
    }

    private static IEnumerable<string> Words(Node? node) => node switch
    {
        ListNode list => list.Items.OfType<ScalarNode>().Select(s => s.Text),
        ScalarNode scalar => ShellWords.Split(scalar.Text),
        _ => [],
    };

    // {{ lr }} and {{ params.lr.value }}; as_arg would write the name as well
    [GeneratedRegex(@"\{\{\s*(?:params\.)?([A-Za-z_][A-Za-z0-9_-]*)(?:\.value)?\s*\}\}")]
    private static partial Regex Template();
}
