using GenCluster.Dashboards.Tests.Rules.Groups;

namespace GenCluster.Dashboards.Tests.Rules;

internal static class RuleCatalogue
{
    public static IReadOnlyList<RuleGroup> All { get; } =
        [CoordinatorRules.Group, WorkerRules.Group, TrainingRules.Group, StorageRules.Group, ModelRules.Group, AccessRules.Group, GpuRules.Group];

    public static IReadOnlyList<Alert> Alerts { get; } = [.. All.SelectMany(group => group.Rules).OfType<Alert>()];

    public static IReadOnlyList<Recording> Recordings { get; } = [.. All.SelectMany(group => group.Rules).OfType<Recording>()];

    public static string FileOf(RuleGroup group) => $"deploy/prometheus/rules/{group.Name}.yaml";
}
