using System.Globalization;
using System.Text;
using System.Text.Json;
using GenCluster.Cli.Watching;
using GenCluster.Core.Parameters;
using GenCluster.Server.Api;
using GenCluster.Server.ReadModel;

namespace GenCluster.Cli.Following;

/// <summary>An event as a line for people.</summary>
internal static class EventText
{
    /// <summary>Told by another event as well, or of no interest to people.</summary>
    private static readonly string[] Silent =
    [
        "trial-created", "trial-concluded", "trial-reported", "trial-arrived", "trial-inherited", "trial-weaned", "checkpoint-pinned", "checkpoint-released", "stalls-forgiven",
    ];

    /// <summary>The line; null for an event that says nothing new.</summary>
    public static string? Of(SweepEvent told)
    {
        if (Silent.Contains(told.What))
            return null;
        var line = new StringBuilder(told.At.ToString("HH:mm:ss'Z'  ", CultureInfo.InvariantCulture));
        line.Append(told.Trial is { } trial ? string.Create(CultureInfo.InvariantCulture, $"trial {trial}  ") : "sweep  ");
        line.Append(told.What is "trial-ended" or "sweep-ended" && told.State is { } state ? state.ToLowerInvariant() : Words(told.What));
        if (told.Step is { } step)
            line.Append(CultureInfo.InvariantCulture, $" at step {step}");
        if (told.Objective is { } objective)
            line.Append(CultureInfo.InvariantCulture, $", objective {Numbers.Significant(objective, 5)}");
        foreach (var (name, value) in told.Metrics ?? new Dictionary<string, double?>())
            line.Append(CultureInfo.InvariantCulture, $"  {name} {(value is { } number ? Numbers.Significant(number, 5) : "nan")}");
        if (told.Workers is { Count: > 0 } workers)
            line.Append(CultureInfo.InvariantCulture, $" on {string.Join(' ', workers)}");
        if (told.Parameters?.Deserialize<Assignment>(ApiJson.Options) is { Settings.Length: > 0 } values)
            line.Append("  ").AppendJoin(' ', values.Settings.Select(s => $"{s.Path}={ParameterText.Show(s.Value)}"));
        if (told.Message is { } message)
            line.Append(": ").Append(message);
        return line.ToString();
    }

    // trial-proposed of a trial is "proposed".
    private static string Words(string what)
    {
        string[] words = what.Split('-');
        return string.Join(' ', words[0] is "trial" or "sweep" ? words[1..] : words);
    }
}
