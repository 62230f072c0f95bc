using System.Globalization;
using GenCluster.Cli.Leaderboards;
using GenCluster.Cli.Watching;
using GenCluster.Core.Sweeps;
using GenCluster.Search.Planning;

namespace GenCluster.Cli.Planning;

/// <summary>A plan for people.</summary>
internal static class PlanText
{
    public static void Write(SweepSpec spec, SweepPlan plan, TextWriter output)
    {
        var work = plan.Work;
        string goal = spec.Objective.Goal.ToString().ToLowerInvariant();
        string gang = work.MinWorkers == work.MaxWorkers
            ? Words.Count(work.MinWorkers, "worker")
            : $"{work.MinWorkers} to {work.MaxWorkers} workers";
        output.WriteLine($"sweep       {plan.Name}");
        output.WriteLine(spec.Trainable.Command is { } command
            ? $"program     {string.Join(' ', command.Arguments)}"
            : $"model       {spec.Trainable.Model} on {spec.Data.Dataset}, {spec.Data.ImageSize}x{spec.Data.ImageSize}, {spec.Data.HeldOut} images held out");
        output.WriteLine($"objective   {goal} {spec.Objective.Metric}{(spec.Trainable.Command is null ? $": {Words.Protocol(spec.Evaluation)}" : "")}");
        foreach (var (label, line) in PlanRules.Of(spec))
            output.WriteLine($"{label,-12}{line}");
        string whole = plan.Trials < spec.Search.MaxTrials ? $": all combinations, fewer than maxTrials {Whole(spec.Search.MaxTrials)}" : "";
        output.WriteLine($"trials      {Whole(plan.Trials)}, {plan.ParallelTrials} at a time{whole}");
        WriteWork(spec, work, gang, output);
        foreach (string choice in PlanChoices.Of(spec))
            output.WriteLine($"            {choice}");
        WriteSettings(spec, output);
        WriteSpace(spec, output);
        WriteFirst(spec, plan, output);
    }

    private static void WriteWork(SweepSpec spec, TrialWork work, string gang, TextWriter output)
    {
        if (spec.Trainable.Command is not null)
        {
            output.WriteLine(work.Steps == CommandSpec.NoEnd
                ? $"each runs   until it ends, on {gang}"
                : $"each runs   until it ends, judged up to {Whole(work.Steps)} of its own steps, on {gang}");
            return;
        }

        string batches = spec.Training.Accumulate == 1 ? $"{work.BatchSize}" : $"{spec.Training.Accumulate} x {work.BatchSize}";
        output.WriteLine($"each runs   {Whole(work.Steps)} steps of {batches} images = {Whole(work.Samples)} images, "
            + $"{Words.Count(work.Shards, "shard")} of {work.SamplesPerShard}, on {gang}");
        output.WriteLine($"            {Words.Count(work.Evaluations, "evaluation")} besides that of untrained weights, {Words.Count(work.Checkpoints, "checkpoint")}");
    }

    private static void WriteSettings(SweepSpec spec, TextWriter output)
    {
        string label = "fixed";
        foreach (var setting in spec.Trainable.Settings.Settings.Where(s => spec.Parameters.Parameters.All(p => p.Path != s.Path)))
        {
            output.WriteLine($"{label,-12}{setting.Path} = {setting.Value}");
            label = "";
        }
    }

    private static void WriteSpace(SweepSpec spec, TextWriter output)
    {
        string label = "searched";
        foreach (var parameter in spec.Parameters.Parameters)
        {
            output.WriteLine($"{label,-12}{parameter.Path}: {parameter.Distribution.Describe()}{(parameter.When is null ? "" : $" when {parameter.When}")}");
            label = "";
        }

        foreach (var constraint in spec.Parameters.Constraints)
            output.WriteLine($"{"",-12}where {constraint}");
    }

    private static void WriteFirst(SweepSpec spec, SweepPlan plan, TextWriter output)
    {
        string[] paths = [.. spec.Parameters.Parameters.Select(p => p.Path)];
        if (paths.Length == 0)
            return;
        var names = ParameterNames.Shorten(paths);
        output.WriteLine();
        TextTable.Write(output,
            [new("trial", Right: true), .. paths.Select(p => new TextColumn(names[p].Replace('.', '\n'), Right: true))],
            [.. plan.First.Select(t => (string[])
            [
                t.Proposal.Number.ToString(CultureInfo.InvariantCulture),
                .. paths.Select(p => t.Proposal.Assignment.Find(p) is { } value ? ParameterText.Show(value) : ""),
            ])]);
        if (plan.First.Count < plan.Trials)
            output.WriteLine($"and {Whole(plan.Trials - plan.First.Count)} more; --first N shows more of them");
    }

    private static string Whole(long number) => number.ToString("#,0", CultureInfo.InvariantCulture);
}
