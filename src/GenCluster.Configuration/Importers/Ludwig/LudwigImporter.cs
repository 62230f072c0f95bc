using GenCluster.Configuration.Importers.RayTune;
using GenCluster.Configuration.Yaml;
using GenCluster.Core.Sweeps;

namespace GenCluster.Configuration.Importers.Ludwig;

/// <summary>The section <c>hyperopt</c> of a Ludwig configuration, which runs on Ray Tune; the rest describes the model.</summary>
internal sealed class LudwigImporter : ISweepImporter
{
    private const long DefaultSamples = 10;

    public string Kind => "a Ludwig configuration with hyperopt";

    public bool Recognises(MapNode root) => root.Find("hyperopt") is MapNode hyperopt && hyperopt.Find("parameters") is MapNode;

    public void Read(ForeignMap root, SweepDraft draft)
    {
        var hyperopt = root.Map("hyperopt")!;
        new TuneSpace(draft).Read(hyperopt.Map("parameters")!.Node, "");
        string? metric = hyperopt.Text("metric");
        string? goal = hyperopt.Choice("goal", "minimize", "maximize");
        if (metric is null || goal is null)
            draft.Warn(hyperopt.Place, $"{(metric is null ? "metric" : "goal")}: missing; Ludwig's own default is taken, to minimize the loss");
        draft.Objective = new ObjectiveSpec(metric ?? "loss", goal is "maximize" ? Goal.Maximize : Goal.Minimize);
        hyperopt.NotCarried("the program reports one value for the metric", "output_feature", "split");
        TuneSearch.Read(hyperopt, draft);
        ReadExecutor(hyperopt, draft);
        hyperopt.RestIsNotCarried("a sweep has no such thing here");
        draft.Command = new CommandSpec(["${env}", "${interpreter}", "${program}", "${args}"]);
        draft.NothingToRun(root.Place, "the rest of the file describes a model for Ludwig; write a script that trains it with the parameters of its command line, and name it in trainable.program");
    }

    private static void ReadExecutor(ForeignMap hyperopt, SweepDraft draft)
    {
        draft.MaxTrials = DefaultSamples;
        if (hyperopt.Map("executor") is not { } executor)
            return;
        TuneScheduler.Read(executor, draft);
        if (executor.Integer("num_samples", 1, int.MaxValue) is { } samples)
            draft.MaxTrials = samples;
        draft.ParallelTrials = executor.Integer("max_concurrent_trials", 1, int.MaxValue) ?? 1;
        draft.WallClockSeconds = executor.Integer("time_budget_s", 1, int.MaxValue) ?? 0;
        executor.Ignore("type");
        executor.RestIsNotCarried("a sweep has no such thing here");
    }
}
