using System.Text.Json.Nodes;

namespace GenCluster.Dashboards.Tests.Dashboards;

/// <summary>From which value on a panel is yellow or red.</summary>
internal static class Thresholds
{
    public static bool AreSet(Panel panel) => (panel.Warn ?? panel.Bad) is not null;

    public static JsonObject Of(Panel panel) => new() { ["mode"] = "absolute", ["steps"] = new JsonArray([.. Steps(panel).Select(step => Step(step.From, step.Color))]) };

    /// <summary>Ascending; each colour holds from its value up to the next one's.</summary>
    private static IEnumerable<(double? From, string Color)> Steps(Panel panel)
    {
        if (panel.LowIsBad)
        {
            yield return (null, panel.Bad is not null ? "red" : "yellow");
            if (panel.Bad is { } fair && panel.Warn is not null)
                yield return (fair, "yellow");
            if ((panel.Warn ?? panel.Bad) is { } good)
                yield return (good, "green");
        }
        else
        {
            yield return (null, "green");
            if (panel.Warn is { } warn)
                yield return (warn, "yellow");
            if (panel.Bad is { } bad)
                yield return (bad, "red");
        }
    }

    private static JsonObject Step(double? from, string color) => new() { ["color"] = color, ["value"] = from };
}
