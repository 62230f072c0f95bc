using System.Text;
using GenCluster.Dashboards.Tests.Dashboards;
using GenCluster.Dashboards.Tests.Rules;

namespace GenCluster.Dashboards.Tests.Runbooks;

/// <summary>The lists of dashboards and alerts in <c>docs/monitoring.md</c>.</summary>
internal static class MonitoringTables
{
    public const string Page = "docs/monitoring.md";

    private const string Begin = "<!-- made from the code: begin -->\n", End = "<!-- made from the code: end -->";

    /// <summary>The page with its lists as they are now.</summary>
    public static string PutInto(string page) => string.Concat(
        page.AsSpan(0, page.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length), Tables(), page.AsSpan(page.IndexOf(End, StringComparison.Ordinal)));

    private static string Tables()
    {
        var text = new StringBuilder("\n## Dashboards\n\n| page | what it shows | panels |\n| --- | --- | --- |\n");
        foreach (var dashboard in DashboardCatalogue.All)
            text.Append($"| [{dashboard.Title}](../{DashboardCatalogue.FileOf(dashboard)}) | {dashboard.About} | {dashboard.Panels.Count()} |\n");
        foreach (var group in RuleCatalogue.All)
        {
            text.Append($"\n## Alerts: {group.Name}\n\n{group.About} [{group.Name}.yaml](../{RuleCatalogue.FileOf(group)})\n\n");
            text.Append("| alert | severity | after | when |\n| --- | --- | --- | --- |\n");
            foreach (var alert in group.Rules.OfType<Alert>())
                text.Append($"| [{alert.Name}](runbooks/{alert.Name}.md) | {alert.Severity.ToString().ToLowerInvariant()} | {(alert.For == "0m" ? "at once" : alert.For)} | {Runbook.All.Single(page => page.Name == alert.Name).When} |\n");
        }

        return text.Append('\n').ToString();
    }
}
