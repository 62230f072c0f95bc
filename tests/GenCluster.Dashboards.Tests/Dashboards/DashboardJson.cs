using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace GenCluster.Dashboards.Tests.Dashboards;

/// <summary>A dashboard as the file that Grafana 11 reads.</summary>
internal static class DashboardJson
{
    /// <summary>Of Grafana's grid.</summary>
    public const int Columns = 24;

    /// <summary>The form of Grafana 11.0; newer ones read it, too.</summary>
    private const int Schema = 39;

    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Of(Dashboard dashboard) => new JsonObject
    {
        ["uid"] = "gencluster-" + dashboard.Name,
        ["title"] = "GenCluster / " + dashboard.Title,
        ["description"] = dashboard.About,
        ["tags"] = new JsonArray("gencluster"),
        ["schemaVersion"] = Schema,
        ["editable"] = true,
        ["graphTooltip"] = 1,
        ["refresh"] = "10s",
        ["time"] = new JsonObject { ["from"] = "now-1h", ["to"] = "now" },
        ["timezone"] = "browser",
        ["annotations"] = new JsonObject { ["list"] = new JsonArray(Alerts()) },
        ["links"] = new JsonArray(OtherDashboards()),
        ["templating"] = new JsonObject { ["list"] = new JsonArray([SourceChoice(), Runbooks(), .. dashboard.Variables.Select(VariableOf)]) },
        ["panels"] = new JsonArray([.. Arrange(dashboard)]),
    }.ToJsonString(Readable) + "\n";

    /// <summary>The Prometheus that the reader has picked.</summary>
    public static JsonObject Source() => new() { ["type"] = "prometheus", ["uid"] = "${datasource}" };

    /// <summary>From left to right, then down; a row begins a line of its own.</summary>
    private static IEnumerable<JsonObject> Arrange(Dashboard dashboard)
    {
        int id = 1, y = 0;
        foreach (var row in dashboard.Rows)
        {
            yield return PanelJson.RowOf(row.Title, id++, y++);
            int x = 0, height = 0;
            foreach (var panel in row.Panels)
            {
                if (x + panel.Width > Columns)
                    (x, y, height) = (0, y + height, 0);
                yield return PanelJson.Of(panel, id++, x, y);
                (x, height) = (x + panel.Width, Math.Max(height, panel.Height));
            }

            y += height;
        }
    }

    private static JsonObject SourceChoice() => new() { ["name"] = "datasource", ["label"] = "Data source", ["type"] = "datasource", ["query"] = "prometheus" };

    /// <summary>Where the links of panels lead. Whoever serves the pages elsewhere changes it here.</summary>
    private static JsonObject Runbooks() => new()
    {
        ["name"] = "runbooks",
        ["label"] = "Runbooks",
        ["description"] = "The address of docs/runbooks",
        ["type"] = "textbox",
        ["query"] = "docs/runbooks",
        ["hide"] = 2,
    };

    private static JsonObject VariableOf(Variable variable) => new()
    {
        ["name"] = variable.Name,
        ["label"] = variable.Label,
        ["type"] = "query",
        ["datasource"] = Source(),
        ["query"] = new JsonObject { ["query"] = QueryOf(variable), ["refId"] = "variable" },
        ["definition"] = QueryOf(variable),
        ["refresh"] = 2, // whenever the span of time changes: trials come and go
        ["sort"] = 3, // by number where there are numbers
        ["multi"] = true,
        ["includeAll"] = true,
        ["allValue"] = ".*",
        ["current"] = new JsonObject { ["text"] = new JsonArray("All"), ["value"] = new JsonArray("$__all") },
    };

    private static string QueryOf(Variable variable) => $"label_values({variable.Series}, {variable.Values})";

    /// <summary>A mark on every picture from the time an alert began to fire.</summary>
    private static JsonObject Alerts() => new()
    {
        ["name"] = "Alerts",
        ["datasource"] = Source(),
        ["enable"] = true,
        ["expr"] = "ALERTS{alertname=~\"GenCluster.*\", alertstate=\"firing\"}",
        ["titleFormat"] = "{{alertname}}",
        ["iconColor"] = "red",
        ["step"] = "30s",
    };

    private static JsonObject OtherDashboards() => new()
    {
        ["title"] = "GenCluster",
        ["type"] = "dashboards",
        ["icon"] = "external link",
        ["tooltip"] = "The other pages, with what is picked here",
        ["url"] = "",
        ["tags"] = new JsonArray("gencluster"),
        ["asDropdown"] = true,
        ["targetBlank"] = false,
        ["keepTime"] = true,
        ["includeVars"] = true,
    };
}
