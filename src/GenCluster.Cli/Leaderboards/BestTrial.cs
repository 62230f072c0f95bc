using System.Reflection;
using System.Text.Json;
using GenCluster.Cli.Runs;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Trials;

namespace GenCluster.Cli.Leaderboards;

/// <summary>The trial that won, and its weights with a manifest that says all one needs to use or repeat them.</summary>
internal static class BestTrial
{
    public const string WeightsFile = "weights.safetensors";
    public const string ManifestFile = "manifest.json";

    /// <summary>The best trial that was trained to its end and has an objective, or null.</summary>
    public static TrialView? Of(SweepView view) =>
        view.Leaderboard().FirstOrDefault(t => t.Phase is TrialPhase.Succeeded && t.Objective is { } objective && double.IsFinite(objective));

    /// <summary>Puts weights and manifest into the run folder; returns null, or a sentence that says why not.</summary>
    public static string? Export(SweepView view, RunFolder folder)
    {
        if (Of(view) is not { } best || view.Spec.Trainable.Command is not null)
            return null; // what a program left lies in the trial's folder, in whatever form it has
        string manifest = Path.Combine(folder.Best, ManifestFile), weights = folder.Weights(best.Number);
        if (!File.Exists(weights))
        {
            return IsExported(manifest, best)
                ? null
                : $"the weights of trial {best.Number}, the best, are not at {weights}; its worker wrote them elsewhere or they were removed";
        }

        // The manifest is last: where it is, it tells of the weights beside it.
        Directory.CreateDirectory(folder.Best);
        File.Delete(manifest);
        AtomicFile.Write(Path.Combine(folder.Best, WeightsFile), stream =>
        {
            using var source = File.OpenRead(weights);
            source.CopyTo(stream);
        });
        AtomicFile.Write(manifest, stream => WriteManifest(view.Spec, best, stream));
        return null;
    }

    private static bool IsExported(string manifest, TrialView best)
    {
        try
        {
            using var read = JsonDocument.Parse(File.ReadAllBytes(manifest));
            return read.RootElement.GetProperty("weightsSha256").GetString() == best.WeightsSha256;
        }
        catch (Exception failure) when (failure is IOException or JsonException or KeyNotFoundException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static void WriteManifest(SweepSpec spec, TrialView best, Stream destination)
    {
        using (var json = new Utf8JsonWriter(destination, JsonValues.Indented))
            WriteManifest(spec, best, json);
        destination.WriteByte((byte)'\n');
    }

    private static void WriteManifest(SweepSpec spec, TrialView best, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("sweep", spec.Name);
        json.WriteNumber("trial", best.Number);
        json.WriteString("model", spec.Trainable.Model);
        json.WriteAssignment("settings", spec.Trainable.Settings.With(best.Assignment));
        json.WriteStartObject("objective");
        json.WriteString("metric", spec.Objective.Metric);
        json.WriteString("goal", spec.Objective.Goal.ToString().ToLowerInvariant());
        json.WriteFinite("value", best.Objective);
        json.WriteFinite("untrained", best.Untrained);
        json.WriteNumber("samples", spec.Evaluation.Samples);
        json.WriteNumber("patchesPerImage", spec.Evaluation.PatchesPerImage);
        json.WriteNumber("projections", spec.Evaluation.Projections);
        json.WriteEndObject();
        json.WriteStartObject("data");
        json.WriteString("dataset", spec.Data.Dataset);
        json.WriteNumber("imageSize", spec.Data.ImageSize);
        json.WriteNumber("heldOut", spec.Data.HeldOut);
        json.WriteEndObject();
        json.WriteStartObject("training");
        json.WriteNumber("steps", best.Step);
        json.WriteNumber("batchSize", spec.Training.BatchSize);
        json.WriteNumber("shards", spec.Training.Shards);
        json.WriteNumber("seed", spec.Training.Seed);
        json.WriteEndObject();
        json.WriteString("weights", WeightsFile);
        json.WriteString("weightsSha256", best.WeightsSha256);
        json.WriteString("madeBy", $"gencluster {Assembly.GetExecutingAssembly().GetName().Version!.ToString(3)}");
        json.WriteEndObject();
    }
}
