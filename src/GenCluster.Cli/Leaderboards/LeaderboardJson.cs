using System.Text;
using System.Text.Json;
using GenCluster.Cli.Runs;
using GenCluster.Core.Sweeps;

namespace GenCluster.Cli.Leaderboards;

/// <summary>The leaderboard for programs.</summary>
internal static class LeaderboardJson
{
    public static void Write(SweepView view, RunFolder folder, TextWriter output)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, JsonValues.Indented))
            Write(view, folder, json);
        output.WriteLine(Encoding.UTF8.GetString(buffer.ToArray()));
    }

    private static void Write(SweepView view, RunFolder folder, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("sweep", view.Spec.Name);
        json.WriteString("state", view.Phase.ToString());
        json.WriteOptional("haltReason", view.HaltReason);
        json.WriteStartObject("objective");
        json.WriteString("metric", view.Spec.Objective.Metric);
        json.WriteString("goal", view.Spec.Objective.Goal.ToString().ToLowerInvariant());
        json.WriteFinite("untrained", view.Untrained);
        json.WriteEndObject();
        json.WriteString("folder", folder.Path);
        if (BestTrial.Of(view) is { } best)
            json.WriteNumber("best", best.Number);
        else
            json.WriteNull("best");
        json.WriteStartArray("trials");
        foreach (var trial in view.Leaderboard())
            WriteTrial(trial, json);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteTrial(TrialView trial, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteNumber("trial", trial.Number);
        json.WriteString("state", trial.Phase.ToString());
        json.WriteAssignment("parameters", trial.Assignment);
        json.WriteFinite("objective", trial.Objective);
        json.WriteNumber("steps", trial.Step);
        json.WriteOptional("weightsSha256", trial.WeightsSha256);
        json.WriteOptional("message", trial.Message);
        json.WriteEndObject();
    }
}
