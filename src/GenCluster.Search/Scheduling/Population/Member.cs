using GenCluster.Core.Search;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Trials;

namespace GenCluster.Search.Scheduling.Population;

/// <summary>A member of a population: a trial that the search proposed, and those that came in its place, one after the other.</summary>
/// <param name="Current">The last of them.</param>
/// <param name="Reports">What they reported at milestones, in the order of their arrival.</param>
internal sealed record Member(TrialRecord Current, IReadOnlyList<TrialReport> Reports)
{
    /// <summary>Whether it will never come to a milestone again, and counts no more.</summary>
    public bool IsLost => Current.Outcome is { Phase: not TrialPhase.Succeeded };

    /// <summary>What it reported at a milestone; null: it has not come there. A trial and its successor can both have been there.</summary>
    public TrialReport? At(int mark) => Reports.LastOrDefault(r => r.Step == mark);

    /// <summary>The last report at a milestone of the trial that it is now; null: that has not come to one yet.</summary>
    public TrialReport? Newest => Reports.LastOrDefault(r => r.Number == Current.Number);

    /// <summary>All members in the order in which the search proposed them.</summary>
    public static IEnumerable<Member> All(SearchHistory history)
    {
        var marks = Marks.Of(history);
        var successors = history.Trials.Where(t => t.Replaces is not null).ToDictionary(t => t.Replaces!.Value);
        var reports = history.Reports.Where(r => marks.Contains(r.Step)).ToLookup(r => r.Number);
        foreach (var root in history.Trials.Where(t => t.Replaces is null).OrderBy(t => t.Number))
        {
            List<TrialReport> all = [.. reports[root.Number]];
            var current = root;
            while (successors.TryGetValue(current.Number, out var successor))
            {
                current = successor;
                all.AddRange(reports[current.Number]);
            }

            yield return new Member(current, all);
        }
    }
}
