using GenCluster.Dashboards.Tests.Dashboards.Pages;

namespace GenCluster.Dashboards.Tests.Dashboards;

internal static class DashboardCatalogue
{
    public static IReadOnlyList<Dashboard> All { get; } = [ClusterPage.Page, SweepPage.Page, TrialPage.Page, DataPlanePage.Page, PersistencePage.Page, GpuPage.Page];

    public static string FileOf(Dashboard dashboard) => $"deploy/grafana/dashboards/{dashboard.Name}.json";
}
