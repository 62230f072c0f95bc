using System.Text.Json.Nodes;

namespace GenCluster.Dashboards.Tests.Dashboards;

/// <summary>What each look has of settings of its own.</summary>
internal static class PanelOptions
{
    public static JsonObject Of(Panel panel) => panel.Look switch
    {
        Look.Lines => new JsonObject
        {
            ["legend"] = new JsonObject { ["displayMode"] = "table", ["placement"] = "bottom", ["showLegend"] = true, ["calcs"] = new JsonArray("lastNotNull", "max") },
            ["tooltip"] = new JsonObject { ["mode"] = "multi", ["sort"] = "desc" },
        },
        Look.Number => new JsonObject
        {
            ["reduceOptions"] = Newest(),
            ["colorMode"] = Thresholds.AreSet(panel) ? "background" : "value",
            ["graphMode"] = "area",
            ["textMode"] = panel.Queries.Count > 1 ? "value_and_name" : "auto",
        },
        Look.Bars => new JsonObject { ["reduceOptions"] = Newest(), ["orientation"] = "horizontal", ["displayMode"] = "basic", ["showUnfilled"] = true },
        Look.HeatMap or Look.Spread => HeatMap(panel),
        Look.Table => new JsonObject { ["showHeader"] = true, ["cellHeight"] = "sm", ["footer"] = new JsonObject { ["show"] = false } },
        _ => throw new ArgumentOutOfRangeException(nameof(panel), panel.Look, "no such look"),
    };

    public static JsonObject LinesOf(Panel panel) => new()
    {
        ["drawStyle"] = "line",
        ["lineWidth"] = 1,
        ["fillOpacity"] = panel.Stacked ? 40 : 5,
        ["showPoints"] = "never",
        ["spanNulls"] = false,
        ["stacking"] = new JsonObject { ["mode"] = panel.Stacked ? "normal" : "none", ["group"] = "A" },
        ["scaleDistribution"] = panel.Logarithmic ? new JsonObject { ["type"] = "log", ["log"] = 2 } : new JsonObject { ["type"] = "linear" },
        ["thresholdsStyle"] = new JsonObject { ["mode"] = Thresholds.AreSet(panel) ? "dashed" : "off" },
    };

    /// <summary>Rows and cells come as they are from the queries; nothing is counted again.</summary>
    private static JsonObject HeatMap(Panel panel) => new()
    {
        ["calculate"] = false,
        ["cellGap"] = 1,
        ["showValue"] = "never",
        ["color"] = new JsonObject
        {
            ["mode"] = "scheme",
            ["scheme"] = "Oranges",
            ["scale"] = "exponential",
            ["exponent"] = 0.5,
            ["fill"] = "dark-orange",
            ["steps"] = 64,
            ["reverse"] = false,
        },
        ["exemplars"] = new JsonObject { ["color"] = "rgba(255,0,255,0.7)" },
        ["rowsFrame"] = new JsonObject { ["layout"] = "auto" },
        ["yAxis"] = new JsonObject { ["axisPlacement"] = "left", ["reverse"] = false, ["unit"] = panel.Look is Look.Spread ? panel.Unit : "short" },
        ["cellValues"] = new JsonObject { ["unit"] = panel.Look is Look.Spread ? "short" : panel.Unit },
        ["legend"] = new JsonObject { ["show"] = true },
        ["tooltip"] = new JsonObject { ["mode"] = "single", ["yHistogram"] = false, ["showColorScale"] = true },
        ["filterValues"] = new JsonObject { ["le"] = 1e-9 },
    };

    private static JsonObject Newest() => new() { ["calcs"] = new JsonArray("lastNotNull"), ["fields"] = "", ["values"] = false };
}
