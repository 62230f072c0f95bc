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
        // Where the grid alone has proposed, and this space, all that comes before its newest combination has been tried.
        if (history.SeedTrials.Count == 0 && history.Proposed == history.Trials.Count
            && history.Trials is [{ } first, ..] && first.Version == history.Version && history.Trials[^1].Assignment is var newest)
        {
            return
            [
                .. Combinations(history.Space, newest).Take(Patience).Where(combination => combination is not null)
                    .Take(Math.Max(0, count)).Select((combination, i) => new Proposal(history.NextNumber + i, combination!)),
            ];
        }

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

    /// <summary>All combinations, or those after one of them; null for one that is forbidden, however many more that rules out.</summary>
    private static IEnumerable<Assignment?> Combinations(ParameterSpace space, Assignment? after = null) => Complete(space, Assignment.Empty, 0, after);

    /// <param name="after">The combination to go on after; null when what is chosen so far is already beyond it.</param>
    private static IEnumerable<Assignment?> Complete(ParameterSpace space, Assignment begun, int next, Assignment? after)
    {
        // A constraint about what is not chosen yet holds, so one that does not holds for none of the rest either.
        if (!space.Admits(begun))
            return [null];
        if (next == space.InOrder.Count)
            return after is null ? [begun] : [];

        var parameter = space.InOrder[next];
        if (!ParameterSpace.IsActive(parameter, begun))
            return Complete(space, begun, next + 1, after);
        var values = DiscreteValues.Of(parameter.Distribution).Select(v => v.Value);
        return after?.Find(parameter.Path) is not { } reached
            ? values.SelectMany(v => Complete(space, With(begun, parameter.Path, v), next + 1, null))
            : values.SkipWhile(v => v != reached).SelectMany((v, i) => Complete(space, With(begun, parameter.Path, v), next + 1, i == 0 ? after : null));
    }

    private static Assignment With(Assignment begun, string path, ParameterValue value) => new([.. begun.Settings, new Setting(path, value)]);
}
