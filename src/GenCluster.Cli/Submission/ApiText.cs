using System.Globalization;
using System.Text;
using System.Text.Json;
using GenCluster.Cli.CommandLine;
using GenCluster.Cli.Leaderboards;
using GenCluster.Cli.Watching;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Trials;
using GenCluster.Server.Api;
using GenCluster.Server.ReadModel;

namespace GenCluster.Cli.Submission;

/// <summary>What the API answers, for people and for programs.</summary>
internal static class ApiText
{
    private const string None = "-";

    private static readonly JsonSerializerOptions Indented = new(ApiJson.Options)
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JsonValues.Indented.Encoder,
    };

    public static void WriteJson<T>(T value, TextWriter output) => output.WriteLine(JsonSerializer.Serialize(value, Indented));

    public static void Write(IReadOnlyList<SweepSummary> sweeps, OutputFormat format, TextWriter output)
    {
        if (format is OutputFormat.Json)
        {
            WriteJson(sweeps, output);
            return;
        }

        TextTable.Write(
            output,
            [new("sweep"), new("state"), new("model"), new("trials", Right: true), new("running", Right: true), new("failed", Right: true), new("best", Right: true), new("submitted")],
            [.. sweeps.Select(s => (IReadOnlyList<string>)
            [
                s.Name, s.State, s.Model, $"{s.Succeeded + s.Failed}/{s.MaxTrials}", $"{s.Running}", $"{s.Failed}",
                s.Best is null ? None : $"{s.Metric} {Number(s.Best)}", Time(s.SubmittedAt),
            ])]);
    }

    public static void Write(SweepDetail detail, OutputFormat format, TextWriter output)
    {
        if (format is OutputFormat.Json)
        {
            WriteJson(detail, output);
            return;
        }

        var sweep = detail.Sweep;
        output.WriteLine($"{sweep.Name}: {sweep.State}{(detail.HaltReason is { } reason ? $" ({reason})" : "")}");
        output.WriteLine($"{sweep.Model} on {detail.Dataset}, {(detail.Steps >= CommandSpec.NoEnd ? "until it ends" : $"{detail.Steps} steps")}, {sweep.Goal.ToLowerInvariant()} {sweep.Metric}, {detail.Algorithm} search{(detail.Version > 1 ? $", version {detail.Version}" : "")}");
        output.WriteLine();
        string[] searched = [.. detail.Searched.EnumerateObject().Select(p => p.Name)];
        TextTable.Write(
            output,
            [new("trial", Right: true), new("state"), .. searched.Select(s => new TextColumn(s, Right: true)), new(sweep.Metric, Right: true), new("step", Right: true),
                new("attempts", Right: true), new("message")],
            [.. detail.TrialList.Select(t => (IReadOnlyList<string>)
            [
                t.Number == detail.BestTrial ? $"*{t.Number}" : $"{t.Number}", t.State,
                .. searched.Select(s => t.Parameters.TryGetProperty(s, out var value) ? Value(value) : None),
                Number(t.Objective), t.Step is { } step ? $"{step}" : None, $"{t.Attempts}", t.Message ?? "",
            ])]);
        output.WriteLine();
        foreach (var entry in detail.History)
            output.WriteLine($"{Time(entry.At)}  {entry.What}{(entry.Message is { } message ? $": {message}" : "")}");
    }

    public static void Write(TrialDetail detail, OutputFormat format, TextWriter output)
    {
        if (format is OutputFormat.Json)
        {
            WriteJson(detail, output);
            return;
        }

        var trial = detail.Trial;
        output.WriteLine($"{detail.Sweep}, trial {trial.Number}: {trial.State}{(trial.Message is { } message ? $" ({message})" : "")}");
        foreach (var parameter in trial.Parameters.EnumerateObject())
            output.WriteLine($"  {parameter.Name} = {Value(parameter.Value)}");
        output.WriteLine();
        TextTable.Write(
            output,
            [new("lease", Right: true), new("began"), new("ended"), new("workers"), new("cause"), new("why")],
            [.. detail.Gangs.Select(g => (IReadOnlyList<string>)
            [
                $"{g.Epoch}", Time(g.BeganAt), g.EndedAt is { } ended ? Time(ended) : None,
                string.Join(' ', g.Members.EnumerateArray().Select(m => m.GetString())), g.Cause ?? None, g.EndMessage ?? "",
            ])]);
        output.WriteLine();
        TextTable.Write(
            output,
            [new("step", Right: true), new("metric"), new("value", Right: true)],
            [.. detail.Reports.Select(r => (IReadOnlyList<string>)[$"{r.Step}", r.Metric, Number(r.Value)])]);
        output.WriteLine();
        TextTable.Write(
            output,
            [new("checkpoint", Right: true), new("committed"), new("bytes", Right: true)],
            [.. detail.Checkpoints.Select(c => (IReadOnlyList<string>)[$"{c.Step}", Time(c.CommittedAt), $"{c.Bytes}"])]);
    }

    /// <summary>Where a trial is, in a few words that change only when something happened.</summary>
    public static string News(TrialSummary trial, string metric)
    {
        var text = new StringBuilder(trial.State);
        if (trial.Objective is { } objective)
            text.Append(CultureInfo.InvariantCulture, $", {metric} {Numbers.Short(objective)} at step {trial.Step}");
        if (trial.Message is { } message && trial.State != nameof(TrialPhase.Succeeded))
            text.Append(CultureInfo.InvariantCulture, $" ({message})");
        return text.ToString();
    }

    private static string Number(double? value) => value is { } number ? Numbers.Short(number) : None;

    private static string Value(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => Numbers.Short(value.GetDouble()),
        JsonValueKind.String => value.GetString()!,
        _ => value.GetRawText(),
    };

    private static string Time(DateTimeOffset at) => at.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
