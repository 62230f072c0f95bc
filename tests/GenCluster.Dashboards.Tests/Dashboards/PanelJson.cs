using System.Text.Json.Nodes;

namespace GenCluster.Dashboards.Tests.Dashboards;

/// <summary>A panel in Grafana's form.</summary>
internal static class PanelJson
{
    public static JsonObject Of(Panel panel, int id, int x, int y) => new()
    {
        ["id"] = id,
        ["type"] = TypeOf(panel.Look),
        ["title"] = panel.Title,
        ["description"] = panel.About,
        ["datasource"] = DashboardJson.Source(),
        ["gridPos"] = new JsonObject { ["x"] = x, ["y"] = y, ["w"] = panel.Width, ["h"] = panel.Height },
        ["links"] = new JsonArray([.. panel.Alerts.Select(LinkTo)]),
        ["targets"] = new JsonArray([.. panel.Queries.Select((query, at) => TargetOf(panel, query, at))]),
        ["fieldConfig"] = new JsonObject { ["defaults"] = FieldsOf(panel), ["overrides"] = new JsonArray() },
        ["options"] = PanelOptions.Of(panel),
        ["transformations"] = TransformationsOf(panel),
    };

    public static JsonObject RowOf(string title, int id, int y) => new()
    {
        ["id"] = id,
        ["type"] = "row",
        ["title"] = title,
        ["collapsed"] = false,
        ["gridPos"] = new JsonObject { ["x"] = 0, ["y"] = y, ["w"] = DashboardJson.Columns, ["h"] = 1 },
        ["panels"] = new JsonArray(),
    };

    private static string TypeOf(Look look) => look switch
    {
        Look.Lines => "timeseries",
        Look.Number => "stat",
        Look.Bars => "bargauge",
        Look.HeatMap or Look.Spread => "heatmap",
        Look.Table => "table",
        _ => throw new ArgumentOutOfRangeException(nameof(look), look, "no such look"),
    };

    private static JsonObject LinkTo(string alert) => new()
    {
        ["title"] = $"Runbook of {alert}",
        ["url"] = "${runbooks}/" + alert + ".md",
        ["targetBlank"] = true,
    };

    private static JsonObject TargetOf(Panel panel, Query query, int at)
    {
        bool newest = panel.Look is Look.Table or Look.Bars;
        return new JsonObject
        {
            ["refId"] = ((char)('A' + at)).ToString(),
            ["datasource"] = DashboardJson.Source(),
            ["editorMode"] = "code",
            ["expr"] = query.Expression,
            ["legendFormat"] = query.Legend,
            ["format"] = panel.Look switch { Look.Table => "table", Look.Spread => "heatmap", _ => "time_series" },
            ["instant"] = newest,
            ["range"] = !newest,
        };
    }

    private static JsonObject FieldsOf(Panel panel)
    {
        var fields = new JsonObject
        {
            ["unit"] = panel.Unit,
            ["color"] = new JsonObject { ["mode"] = panel.Look is Look.Number or Look.Bars ? "thresholds" : "palette-classic" },
            ["thresholds"] = Thresholds.Of(panel),
            ["mappings"] = new JsonArray(),
        };
        if (panel.Min is { } min)
            fields["min"] = min;
        if (panel.Max is { } max)
            fields["max"] = max;
        if (panel.Look is Look.Lines)
            fields["custom"] = PanelOptions.LinesOf(panel);
        return fields;
    }

    /// <summary>A table has one line for each series, without the time that all share.</summary>
    private static JsonArray TransformationsOf(Panel panel) => panel.Look is not Look.Table
        ? []
        : [
            new JsonObject { ["id"] = "merge", ["options"] = new JsonObject() },
            new JsonObject { ["id"] = "organize", ["options"] = new JsonObject { ["excludeByName"] = new JsonObject { ["Time"] = true } } },
        ];
}
