using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;

namespace GenCluster.Dashboards.Tests.Dashboards;

public sealed class DashboardFileTests
{
    private static readonly JsonSchema Form = JsonSchema.FromText(
        File.ReadAllText(Deployed.PathOf("tests/GenCluster.Dashboards.Tests/Dashboards/grafana-11.schema.json")));

    public static TheoryData<string> Names => [.. DashboardCatalogue.All.Select(dashboard => dashboard.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Is_what_the_code_makes(string name) => Deployed.ShouldHold(DashboardCatalogue.FileOf(Of(name)), DashboardJson.Of(Of(name)));

    [Fact]
    public void The_folder_holds_these_and_no_others() =>
        Deployed.ShouldHoldOnly("deploy/grafana/dashboards", DashboardCatalogue.All.Select(dashboard => dashboard.Name + ".json"));

    [Theory]
    [MemberData(nameof(Names))]
    public void Panels_lie_side_by_side_and_none_on_another(string name)
    {
        var taken = new HashSet<(int, int)>();
        foreach (var panel in Panels(name))
        {
            var place = panel["gridPos"]!;
            int x = (int)place["x"]!, y = (int)place["y"]!, w = (int)place["w"]!, h = (int)place["h"]!;
            (x + w).ShouldBeLessThanOrEqualTo(DashboardJson.Columns, $"{panel["title"]}");
            foreach (var cell in Enumerable.Range(x, w).SelectMany(column => Enumerable.Range(y, h).Select(line => (column, line))))
                taken.Add(cell).ShouldBeTrue($"{panel["title"]} lies on another panel at {cell}");
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Panels_are_told_apart_and_explained(string name)
    {
        Panels(name).Select(panel => (int)panel["id"]!).ShouldBeUnique();
        Of(name).Panels.Select(panel => panel.Title).ShouldBeUnique();
        foreach (var panel in Of(name).Panels)
        {
            panel.About.ShouldMatch(@"^\S.{20,}\S\.$", panel.Title);
            panel.Queries.ShouldNotBeEmpty(panel.Title);
            if (panel.Look is not Look.Table)
                panel.Queries.ShouldAllBe(query => query.Legend != "", panel.Title);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Links_of_panels_lead_to_pages_that_are_there(string name) => Of(name).Panels
        .SelectMany(panel => panel.Alerts)
        .Where(alert => !File.Exists(Deployed.PathOf($"docs/runbooks/{alert}.md")))
        .ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(Names))]
    public void Has_the_form_that_Grafana_reads(string name) => Faults(DashboardJson.Of(Of(name))).ShouldBeEmpty();

    [Theory]
    [InlineData("\"layout\": \"auto\"", "\"layout\": \"middle\"")]
    [InlineData("\"drawStyle\": \"line\"", "\"drawStile\": \"line\"")]
    [InlineData("\"type\": \"timeseries\"", "\"type\": \"graph\"")]
    public void A_form_that_it_does_not_read_would_be_found(string right, string wrong) =>
        Faults(DashboardJson.Of(Of("data-plane")).Replace(right, wrong, StringComparison.Ordinal)).ShouldNotBeEmpty();

    [Fact]
    public void Red_begins_where_it_is_said_to()
    {
        var low = new Panel(Look.Lines, "Free", "", "bytes") { Warn = 10, Bad = 1, LowIsBad = true };
        var high = new Panel(Look.Lines, "Busy", "", "s") { Bad = 5 };

        StepsOf(low).ShouldBe([" red", "1 yellow", "10 green"]);
        StepsOf(high).ShouldBe([" green", "5 red"]);
    }

    private static string[] Faults(string dashboard)
    {
        var result = Form.Evaluate(JsonDocument.Parse(dashboard).RootElement, new EvaluationOptions { OutputFormat = OutputFormat.List });
        return result.IsValid ? [] : [.. (result.Details ?? []).SelectMany(part => (part.Errors ?? new Dictionary<string, string>()).Values.Select(fault => $"{part.InstanceLocation}: {fault}"))];
    }

    private static IEnumerable<string> StepsOf(Panel panel) => Thresholds.Of(panel)["steps"]!.AsArray().Select(step => $"{step!["value"]} {step["color"]}");

    private static Dashboard Of(string name) => DashboardCatalogue.All.Single(dashboard => dashboard.Name == name);

    private static IEnumerable<JsonNode> Panels(string name) => JsonNode.Parse(DashboardJson.Of(Of(name)))!["panels"]!.AsArray().Select(panel => panel!);
}
