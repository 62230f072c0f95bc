using GenCluster.Core.Parameters;

namespace GenCluster.Core.Search;

/// <summary>A configuration to try.</summary>
public sealed record Proposal(int Number, Assignment Assignment);

/// <summary>
/// Chooses configurations: a pure function of the history and of random numbers keyed by the trial's number, so a
/// replay proposes the same. What its name, options and defaults are is in <see cref="SearchCatalogue"/>.
/// </summary>
public interface ISampler
{
    /// <summary>The name in a sweep file, e.g. <c>random</c>.</summary>
    string Name { get; }

    /// <summary>Why it cannot search this space, in words that follow "cannot:", or null.</summary>
    string? RefusalOf(ParameterSpace space) => null;

    /// <summary>
    /// At most <paramref name="count"/> configurations, numbered from <see cref="SearchHistory.NextNumber"/>, each in the
    /// space (<see cref="ParameterSpace.Contains"/>); fewer when the space is exhausted or its constraints leave nothing.
    /// </summary>
    IReadOnlyList<Proposal> Propose(SearchHistory history, int count, SearchRandom random);
}
