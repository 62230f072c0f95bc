using System.Text.RegularExpressions;
using GenCluster.Configuration.Diagnostics;
using GenCluster.Configuration.Schema;
using GenCluster.Configuration.Yaml;
using GenCluster.Core.Parameters;
using GenCluster.Core.Search;
using GenCluster.Core.Sweeps;

namespace GenCluster.Configuration.Importers.AzureMl;

/// <summary>Sweep jobs of Azure Machine Learning, version 2 of the command line (sweepJob.schema.json).</summary>
internal sealed partial class AzureMlImporter : ISweepImporter
{
    private const long DefaultTrials = 1000;

    private static readonly string[] Types =
        ["choice", "randint", "uniform", "quniform", "loguniform", "qloguniform", "normal", "qnormal", "lognormal", "qlognormal"];

    public string Kind => "an AzureML sweep job";

    public bool Recognises(MapNode root) =>
        root.Find("search_space") is MapNode && (root.Find("type") is ScalarNode { Text: "sweep" } || root.Find("trial") is not null || root.Find("sampling_algorithm") is not null);

    public void Read(ForeignMap root, SweepDraft draft)
    {
        draft.Name = root.Text("name") ?? root.Text("display_name") ?? root.Text("experiment_name");
        foreach (var entry in root.Map("search_space")!.Entries)
        {
            if (root.Map("search_space")!.Map(entry.Key.Text) is { } one)
                draft.Add(entry.Key.Place, entry.Key.Text, ReadOne(one, new Draws(draft, entry.Key.Text, entry.Key.Place), draft));
        }

        ReadInputs(root, draft);
        ReadObjective(root, draft);
        ReadSampling(root, draft);
        ReadLimits(root, draft);
        ReadTermination(root, draft);
        ReadTrial(root, draft);
        root.Ignore("$schema", "type", "display_name", "experiment_name", "description", "tags", "properties", "queue_settings");
        root.NotCarried("a worker has one device; how many there are says who starts the workers", "resources", "compute");
        root.RestIsNotCarried("it is a matter of Azure");
    }

    private static Distribution? ReadOne(ForeignMap one, Draws draws, SweepDraft draft)
    {
        string? type = one.Choice("type", Types);
        if (!one.Has("type"))
            return draws.Wrong($"there is no type; write one of {string.Join(", ", Types)}");
        if (type is null)
            return null;
        if (type is "choice")
            return ForeignValues.ReadAll(one.Find("values"), one.PathOf("values"), draft, python: false) is { } values ? draws.OneOf(values) : draws.Wrong("choice has no values; write a list");
        string[] needs = [.. type.TrimStart('q') switch { "randint" => (string[])["upper"], "normal" or "lognormal" => ["mu", "sigma"], _ => ["min_value", "max_value"] }, .. type is ['q', ..] ? (string[])["q"] : []];
        foreach (string key in needs.Where(k => !one.Has(k)))
            return draws.Wrong($"{type} has no {key}; write a number");
        if (type is "randint")
            return draws.Integers(0, one.Integer("upper", 1, long.MaxValue) - 1); // upper is excluded
        var (first, second) = (one.Number(needs[0]), one.Number(needs[1]));
        var inner = type.TrimStart('q') switch
        {
            "uniform" => draws.Uniform(first, second),
            "normal" => draws.Normal(first, second),
            "lognormal" => draws.LogNormal(first, second),
            _ => LogUniform(first, second, draws),
        };
        return type is ['q', ..] ? draws.Multiples(inner, one.Number("q"), integers: false) : inner;
    }

    private static Distribution? LogUniform(double? low, double? high, Draws draws)
    {
        draws.Say("min_value and max_value are exponents of e to Azure");
        return draws.LogUniform(low is { } l ? Math.Exp(l) : null, high is { } h ? Math.Exp(h) : null);
    }

    /// <summary>Inputs are fixed values, for the command to ask for.</summary>
    private static void ReadInputs(ForeignMap root, SweepDraft draft)
    {
        if (root.Map("inputs") is not { } inputs)
            return;
        foreach (var entry in inputs.Entries)
        {
            var value = entry.Value is MapNode map ? map.Find("path") ?? map.Find("value") : entry.Value;
            if (entry.Value is MapNode)
                draft.Warn(entry.Key.Place, $"inputs.{entry.Key.Text}: Azure fetches it; here the program gets its path as a text, and the data has to be there");
            if (value is not null && ForeignValues.Read(value, entry.Key.Text, draft, python: false) is { } constant)
                draft.Add(entry.Key.Place, entry.Key.Text, new Constant(constant));
        }
    }

    private static void ReadObjective(ForeignMap root, SweepDraft draft)
    {
        var objective = root.Map("objective");
        string? metric = objective?.Text("primary_metric");
        string? goal = objective?.Choice("goal", "minimize", "maximize", "Minimize", "Maximize");
        if (metric is null || goal is null)
            draft.Wrong(objective?.Place ?? root.Place, "objective: primary_metric and goal are required; write {primary_metric: …, goal: minimize or maximize}");
        draft.Objective = new ObjectiveSpec(metric ?? "", goal is "maximize" or "Maximize" ? Goal.Maximize : Goal.Minimize);
    }

    private static void ReadSampling(ForeignMap root, SweepDraft draft)
    {
        var map = root.Find("sampling_algorithm") is MapNode ? root.Map("sampling_algorithm") : null;
        string[] known = ["random", "grid", "bayesian"];
        string? name = map is null ? root.Choice("sampling_algorithm", known) : map.Choice("type", known);
        draft.Algorithm = (name, map?.Text("rule")) switch { ("grid", _) => "grid", ("bayesian", _) => "gp", (_, "sobol") => "sobol", _ => "random" };
        draft.Seed = map?.Integer("seed", 0, 1L << 53) ?? 0;
        map?.RestIsNotCarried($"{draft.Algorithm} has no such option here");
    }

    private static void ReadLimits(ForeignMap root, SweepDraft draft)
    {
        var limits = root.Map("limits");
        long most = limits?.Integer("max_total_trials", 1, int.MaxValue) ?? DefaultTrials;
        draft.MaxTrials = draft.Algorithm is "grid" && GridSize.Of(draft.Parameters) is { } grid ? Math.Min(most, grid) : most;
        draft.ParallelTrials = Math.Min(limits?.Integer("max_concurrent_trials", 1, int.MaxValue) ?? most, draft.MaxTrials.Value);
        draft.WallClockSeconds = limits?.Integer("timeout", 1, int.MaxValue) ?? 0;
        limits?.NotCarried("a trial ends when its program does, or is stopped by earlyStopping", "trial_timeout");
    }

    private static void ReadTermination(ForeignMap root, SweepDraft draft)
    {
        if (root.Map("early_termination") is not { } stop)
            return;
        if (stop.Text("type") is not ("median_stopping" or "MedianStopping"))
        {
            draft.NotCarried(stop.Place, $"early_termination {Shown.Quoted(stop.Text("type") ?? "")}", "there is none like it; median_stopping is read, see earlyStopping");
            return;
        }

        var options = new OptionList().Add("gracePeriod", stop.Number("delay_evaluation") ?? 0).Add("interval", stop.Integer("evaluation_interval", 1, int.MaxValue) ?? 1);
        draft.EarlyStopping = new EarlyStoppingSpec("median", options.Build(SearchCatalogue.FindScheduler("median")));
    }

    private static void ReadTrial(ForeignMap root, SweepDraft draft)
    {
        var trial = root.Find("trial") is MapNode ? root.Map("trial") : null;
        if (trial?.Text("command") is not { } line)
        {
            draft.Command = new CommandSpec([]);
            draft.NothingToRun(root.Place, root.Has("trial") && root.Find("trial") is ScalarNode
                ? $"the program is in another file, {Shown.Quoted(root.Text("trial") ?? "")}, and only this one is read; write its command as trainable.command before you run the sweep"
                : "nothing says what a trial runs; write trainable.command before you run the sweep");
            return;
        }

        draft.Command = new CommandSpec(ShellWords.Split(Macro().Replace(line.Trim(), m => $"${{trialParameters.{m.Groups[1].Value}}}")), Environment: Variables(trial));
        if (trial.Text("code") is { } code)
            draft.Warn(trial.PlaceOf("code"), $"the program is in {Shown.Quoted(code)}; write that folder, absolute, as trainable.folder");
        trial.NotCarried("programs run on the machine of their worker; install there what the environment holds", "environment");
        trial.NotCarried("resources.workers says how many workers a trial has", "distribution", "resources");
        trial.RestIsNotCarried("it is a matter of Azure");
    }

    private static EnvironmentVariable[]? Variables(ForeignMap trial) => trial.Find("environment_variables") is MapNode map
        ? [.. map.Entries.Where(e => e.Value is ScalarNode).Select(e => new EnvironmentVariable(e.Key.Text, ((ScalarNode)e.Value).Text))]
        : null;

    [GeneratedRegex(@"\$\{\{\s*(?:inputs|search_space)\.([^}\s]+)\s*\}\}")]
    private static partial Regex Macro();
}
