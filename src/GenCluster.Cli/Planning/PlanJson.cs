using System.Text;
using System.Text.Json;
using GenCluster.Cli.Leaderboards;
using GenCluster.Core.Parameters;
using GenCluster.Core.Search;
using GenCluster.Core.Sweeps;
using GenCluster.Search.Planning;

namespace GenCluster.Cli.Planning;

/// <summary>A plan for programs.</summary>
internal static class PlanJson
{
    public static void Write(SweepSpec spec, SweepPlan plan, TextWriter output)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, JsonValues.Indented))
            Write(spec, plan, json);
        output.WriteLine(Encoding.UTF8.GetString(buffer.ToArray()));
    }

    private static void Write(SweepSpec spec, SweepPlan plan, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("sweep", plan.Name);
        json.WriteString("model", spec.Trainable.Model);
        json.WriteString("dataset", spec.Data.Dataset);
        json.WriteString("algorithm", spec.Search.Algorithm);
        WriteOptions("searchOptions", SearchCatalogue.FindSampler(spec.Search.Algorithm), spec.Search.Options, json);
        if (spec.EarlyStopping is { } stopping)
        {
            json.WriteString("earlyStopping", stopping.Type);
            WriteOptions("earlyStoppingOptions", SearchCatalogue.FindScheduler(stopping.Type), stopping.Options, json);
        }

        json.WriteStartArray("rules");
        foreach (var (_, line) in PlanRules.Of(spec))
            json.WriteStringValue(line);
        json.WriteEndArray();
        json.WriteNumber("trials", plan.Trials);
        json.WriteNumber("parallelTrials", plan.ParallelTrials);
        json.WriteStartObject("each");
        if (plan.Work.Steps == CommandSpec.NoEnd)
            json.WriteNull("steps");
        else
            json.WriteNumber("steps", plan.Work.Steps);
        json.WriteNumber("batchSize", plan.Work.BatchSize);
        json.WriteNumber("shards", plan.Work.Shards);
        json.WriteNumber("accumulate", spec.Training.Accumulate);
        json.WriteNumber("samples", plan.Work.Samples);
        json.WriteNumber("minWorkers", plan.Work.MinWorkers);
        json.WriteNumber("maxWorkers", plan.Work.MaxWorkers);
        json.WriteNumber("evaluations", plan.Work.Evaluations);
        json.WriteNumber("checkpoints", plan.Work.Checkpoints);
        json.WriteStartArray("choices");
        foreach (string choice in PlanChoices.Of(spec))
            json.WriteStringValue(choice);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteStartArray("first");
        foreach (var trial in plan.First)
        {
            json.WriteStartObject();
            json.WriteNumber("trial", trial.Proposal.Number);
            json.WriteAssignment("parameters", trial.Proposal.Assignment);
            json.WriteAssignment("settings", trial.Definition.Settings);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteOptions(string name, AlgorithmDescription? algorithm, Assignment given, Utf8JsonWriter json) =>
        json.WriteAssignment(name, new Assignment([.. PlanRules.InForce(algorithm, given).Select(o => new Setting(o.Name, o.Value))]));
}
