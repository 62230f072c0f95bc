using System.Collections.Immutable;

namespace GenCluster.Core.Placement;

/// <summary>What a project may have.</summary>
/// <param name="Quota">Workers at one time; null: no limit.</param>
/// <param name="Weight">Its part of the workers, compared with other projects; at least 1.</param>
public sealed record ProjectRule(int? Quota = null, int Weight = 1);

/// <summary>
/// How projects share the workers. An operator's matter: whoever submits a sweep names a project and cannot change its
/// rules. A project without a rule has weight 1 and no quota.
/// </summary>
public sealed record ProjectRules(ImmutableSortedDictionary<string, ProjectRule> Projects)
{
    /// <summary>The project of a sweep that names none.</summary>
    public const string DefaultProject = "default";

    private static readonly ProjectRule Usual = new();

    public static ProjectRules None { get; } = new(ImmutableSortedDictionary<string, ProjectRule>.Empty);

    /// <summary>Workers that the project may have at one time.</summary>
    public int QuotaOf(string project) => Of(project).Quota ?? int.MaxValue;

    public int WeightOf(string project) => Math.Max(1, Of(project).Weight);

    /// <summary>Why no trial with this wish can ever run, or null: worth knowing when a sweep is submitted.</summary>
    public string? RefusalOf(string project, int minWorkers) => minWorkers <= QuotaOf(project)
        ? null
        : $"each trial needs {minWorkers} workers at once and project '{project}' may have {QuotaOf(project)}; "
            + "lower resources.workers.min, or ask the operator for a larger quota";

    private ProjectRule Of(string project) => Projects.GetValueOrDefault(project) ?? Usual;
}
