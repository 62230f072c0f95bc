namespace GenCluster.Core.Placement;

/// <summary>A wish that waits for workers and keeps those that it could use.</summary>
/// <param name="IsCertain">Whether it is served by what is on its way; else it waits for running gangs to end.</param>
/// <param name="Kept">Free workers that are kept.</param>
internal sealed record Head(GangRequest Wish, Territory Territory, bool IsCertain, List<int> Kept);
