using GenCluster.Configuration.Diagnostics;
using GenCluster.Configuration.Yaml;
using GenCluster.Core.Search;
using GenCluster.Core.Sweeps;

namespace GenCluster.Configuration.Importers.RayTune;

/// <summary>Schedulers of Ray Tune (ray, python/ray/tune/schedulers), with their own defaults and rules.</summary>
internal static class TuneScheduler
{
    public static void Read(ForeignMap tune, SweepDraft draft)
    {
        if (tune.Find("scheduler") is not { } node)
            return;
        var map = node is MapNode ? tune.Map("scheduler")! : new ForeignMap(new MapNode(node.Place), "scheduler", draft);
        string? name = node is MapNode ? map.Text("type") ?? map.Text("name") : tune.Text("scheduler");
        string plain = (name ?? "").ToLowerInvariant().Replace("_", "", StringComparison.Ordinal).Replace("scheduler", "", StringComparison.Ordinal);
        map.Ignore("metric", "mode");
        if (map.Text("time_attr") is { } time and not "training_iteration")
            draft.NotCarried(map.PlaceOf("time_attr"), $"time_attr {Shown.Quoted(time)}", "values that a trial reports are counted");
        draft.EarlyStopping = plain switch
        {
            "fifo" or "" => null,
            "asha" or "asynchyperband" or "asyncsuccessivehalving" => Asha(map, draft),
            "hyperband" or "hb" => Hyperband(map, draft),
            "medianstopping" or "medianstoppingrule" => Median(map),
            "pbt" or "populationbasedtraining" => Population(map, draft),
            _ => Unknown(node, name, draft),
        };
        map.RestIsNotCarried($"it is no option of {draft.EarlyStopping?.Type ?? "a sweep"} here");
    }

    private static EarlyStoppingSpec Asha(ForeignMap map, SweepDraft draft)
    {
        long last = map.Integer("max_t", 1, int.MaxValue) ?? 100;
        draft.Steps = last;
        return Build("asha", new OptionList().Add("rule", "ray").Add("maxSteps", last)
            .Add("gracePeriod", (double)(map.Integer("grace_period", 1, int.MaxValue) ?? 1)).Add("reductionFactor", map.Number("reduction_factor") ?? 4)
            .Add("brackets", map.Integer("brackets", 1, 32) ?? 1).Add("stopLast", map.Flag("stop_last_trials") ?? true));
    }

    private static EarlyStoppingSpec Hyperband(ForeignMap map, SweepDraft draft)
    {
        draft.Steps = map.Integer("max_t", 1, int.MaxValue) ?? 81;
        return Build("hyperband", new OptionList().Add("reductionFactor", map.Number("reduction_factor") ?? 3).Add("rounding", "up"));
    }

    private static EarlyStoppingSpec Median(ForeignMap map) => Build("median", new OptionList().Add("rule", "ray")
        .Add("gracePeriod", map.Number("grace_period") ?? 60).Add("minTrials", map.Integer("min_samples_required", 0, 100_000) ?? 3));

    private static EarlyStoppingSpec Population(ForeignMap map, SweepDraft draft)
    {
        var options = new OptionList().Add("interval", map.Integer("perturbation_interval", 1, int.MaxValue) ?? 60)
            .Add("quantile", map.Number("quantile_fraction") ?? 0.25).Add("resampleProbability", map.Number("resample_probability") ?? 0.25)
            .Add("burnIn", map.Integer("burn_in_period", 0, int.MaxValue) ?? 0).Add("mode", map.Flag("synch") is true ? "synchronous" : "asynchronous");
        if (map.List("perturbation_factors") is [ScalarNode up, ScalarNode down] && Yaml11.NumberOf(up.Text) is { } factor && Yaml11.NumberOf(down.Text) is { } other)
            options.Add("factorUp", Math.Max(factor, other)).Add("factorDown", Math.Min(factor, other));
        if (map.Find("hyperparam_mutations") is MapNode mutations)
        {
            var known = draft.Parameters.Where(p => p.Distribution is not Core.Parameters.Constant).Select(p => p.Path).ToHashSet(StringComparer.Ordinal);
            var missing = new MapNode(mutations.Place);
            foreach (var entry in mutations.Entries.Where(e => !known.Contains(e.Key.Text)))
            {
                draft.Remove(entry.Key.Text);
                missing.Add(entry);
            }

            new TuneSpace(draft).Read(missing, "");
            draft.Warn(mutations.Place, "hyperparam_mutations: a value is drawn anew from the parameter's own distribution; one that has none yet gets it from here");
        }

        return Build("pbt", options);
    }

    private static EarlyStoppingSpec? Unknown(Node node, string? name, SweepDraft draft)
    {
        draft.NotCarried(node.Place, $"scheduler {Shown.Quoted(name ?? "")}", "there is none like it; asha, hyperband, median and pbt are read, see earlyStopping");
        return null;
    }

    private static EarlyStoppingSpec Build(string type, OptionList options) => new(type, options.Build(SearchCatalogue.FindScheduler(type)));
}
