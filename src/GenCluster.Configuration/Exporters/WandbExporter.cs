using GenCluster.Configuration.Importers;
using GenCluster.Configuration.Importers.Wandb;
using GenCluster.Core.Parameters;
using GenCluster.Core.Search;
using GenCluster.Core.Sweeps;

namespace GenCluster.Configuration.Exporters;

/// <summary>Writes a sweep as W&amp;B has it. What comes from a W&amp;B file reads back as the same sweep.</summary>
internal sealed class WandbExporter(SweepSpec spec)
{
    private readonly ExportNotes notes = new("W&B");

    public ExportResult Export()
    {
        notes.SayCommon(spec);
        SaySearch();
        var command = spec.Trainable.Command;
        bool several = spec.Comparison.Others.Length > 0;
        var file = new YamlMap
        {
            { "name", spec.Name },
            { "program", command?.Program },
            { "method", several ? "custom" : Method() },
            { several ? "metrics" : "metric", several ? new List<object>([Metric(spec.Objective), .. spec.Comparison.Others.Select(Metric)]) : Metric(spec.Objective) },
            { "run_cap", RunCap() },
            { "early_terminate", EarlyTerminate() },
            { "parameters", Parameters() },
            { "command", command is null || command.Arguments.AsSpan().SequenceEqual(WandbCommand.Default) ? null : new List<object>(command.Arguments) },
        };
        return notes.Result(file);
    }

    private string Method()
    {
        string? method = spec.Search.Algorithm switch { "random" => "random", "grid" => "grid", "gp" => "bayes", _ => null };
        if (method is null)
            notes.Note($"search.algorithm: W&B has no {spec.Search.Algorithm}; bayes is written");
        return method ?? "bayes";
    }

    private void SaySearch()
    {
        notes.SayOptions("search", spec.Search.Options);
        if (spec.Search.ParallelTrials > 1)
            notes.Note($"search.parallelTrials: start {spec.Search.ParallelTrials} agents");
        if (spec.Budget.MaxFailedTrials < spec.Search.MaxTrials)
            notes.Note("budget.maxFailedTrials: W&B never gives up for that; it is left out");
        if (spec.Trainable.Command is { Environment.Length: > 0 })
            notes.Note("trainable.environment: W&B's agents hand theirs on; set the variables where you start them");
        if (spec.Trainable.Command is { Metrics: not MetricsSource.Wandb })
            notes.Note("trainable.metrics: W&B learns values from its client only; let the program log with it");
        if (spec.Trainable.Command?.Arguments.Any(a => a.Contains("${trialParameters.", StringComparison.Ordinal)) is true)
            notes.Note("trainable.command: W&B does not fill in ${trialParameters.…}; write ${args} in their place");
        if (spec.Training.Seed != 0)
            notes.Note("training.seed: W&B's search takes none; it is left out");
        if (spec.Resources.MaxWorkers > 1)
            notes.Note("resources.workers: a run of W&B is one process; start torchrun in the command for more");
    }

    private static YamlMap Metric(ObjectiveSpec objective) => new()
    {
        { "name", objective.Metric },
        { "goal", objective.Goal is Goal.Maximize ? "maximize" : "minimize" },
        { "target", objective.Target },
    };

    private long? RunCap()
    {
        int most = spec.Search.MaxTrials;
        bool isWhole = spec.Search.Algorithm is "grid" && GridSize.Of(spec.Parameters.Parameters) == most;
        return isWhole || most == SweepDraft.Endless ? null : most;
    }

    private YamlMap? EarlyTerminate()
    {
        if (spec.EarlyStopping is not { } stop)
            return null;
        var asha = SearchCatalogue.FindScheduler("asha");
        if (stop.Type is not "asha" || asha is null || asha.Option(stop.Options, "rule").Text is not "wandb")
        {
            notes.Note($"earlyStopping: what W&B calls hyperband is asha with rule: wandb here; this {stop.Type} is left out");
            return null;
        }

        long bands = asha.Option(stop.Options, "bands").Integer;
        return new YamlMap
        {
            { "type", "hyperband" },
            { "min_iter", bands > 0 ? null as long? : (long)asha.Option(stop.Options, "gracePeriod").AsNumber() },
            { "max_iter", bands > 0 ? asha.Option(stop.Options, "maxSteps").Integer : null as long? },
            { "s", bands > 0 ? bands : null as long? },
            { "eta", asha.Option(stop.Options, "reductionFactor").AsNumber() },
            { "strict", asha.Option(stop.Options, "strict").AsFlag() },
        };
    }

    private YamlMap Parameters()
    {
        var map = new YamlMap();
        foreach (var parameter in spec.Parameters.Parameters)
            map.Add(parameter.Path, WandbDistribution.Write(parameter, notes));
        return map;
    }
}
