using GenCluster.Core.Parameters;
using GenCluster.Core.Search;

namespace GenCluster.Search.Sampling;

/// <summary>
/// Tries all combinations, each once: the last path changes fastest, in the order of paths but for hyperparameters that come
/// after those that their condition asks for. What a trial had already, whoever proposed it, does not come again.
/// </summary>
public sealed class GridSampler : ISampler
{
    /// <summary>A grid that begins with so many forbidden combinations counts as exhausted.</summary>
    private const int Patience = 1_000_000;

    public string Name => "grid";

    public string? RefusalOf(ParameterSpace space) => space.Parameters.FirstOrDefault(p => p.Distribution.Count is null) is { } endless
        ? $"'{endless.Path}' is {endless.Distribution.Describe()} and has no end of values; give it a step, or list its values"
        : null;

    public IReadOnlyList<Proposal> Propose(SearchHistory history, int count, SearchRandom random)
    {
        var tried = history.Trials.Select(t => t.Assignment).ToHashSet<Assignment>(SameValue.Comparer);
        return
        [
            .. Combinations(history.Space)
                .Take(Patience + tried.Count)
                .Where(combination => combination is not null && !tried.Contains(combination))
                .Take(Math.Max(0, count))
                .Select((combination, i) => new Proposal(history.NextNumber + i, combination!)),
        ];
    }

    /// <summary>All combinations; null for one that is forbidden, however many more that rules out.</summary>
    private static IEnumerable<Assignment?> Combinations(ParameterSpace space) => Complete(space, Assignment.Empty, 0);

    private static IEnumerable<Assignment?> Complete(ParameterSpace space, Assignment begun, int next)
    {
        // A constraint about what is not chosen yet holds, so one that does not holds for none of the rest either.
        if (!space.Admits(begun))
            return [null];
        if (next == space.InOrder.Count)
            return [begun];

        var parameter = space.InOrder[next];
        return ParameterSpace.IsActive(parameter, begun)
            ? DiscreteValues.Of(parameter.Distribution).SelectMany(v => Complete(space, With(begun, parameter.Path, v.Value), next + 1))
            : Complete(space, begun, next + 1);
    }

    private static Assignment With(Assignment begun, string path, ParameterValue value) => new([.. begun.Settings, new Setting(path, value)]);
}
