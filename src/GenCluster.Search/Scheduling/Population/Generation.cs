using GenCluster.Core.Search;
using GenCluster.Search.Scheduling.Halving;
using GenCluster.Search.Standings;

namespace GenCluster.Search.Scheduling.Population;

/// <summary>Who of a population goes on, and who is replaced by whom.</summary>
internal sealed class Generation(SearchHistory history, IReadOnlyList<Member> members, AlgorithmOptions options, SearchRandom random)
{
    private readonly Marks marks = Marks.Of(history);

    /// <summary>Each member that waits is compared with what the others showed at their own last milestones.</summary>
    public IEnumerable<Move> Each(int free)
    {
        var ranked = Ranked(members.Where(m => m.Current.Outcome is null).Select(m => m.Newest));
        return members.Where(m => m.Current.WaitsAt is not null)
            .OrderBy(m => m.Current.WaitsAt).ThenBy(m => m.Current.Number)
            .Select(m => MoveOf(m, m.Current.WaitsAt!.Value, ranked)).Take(Math.Max(0, free));
    }

    /// <summary>Members are compared at a milestone that all have reached, those that are lost left out; the best are moved first.</summary>
    /// <param name="expected">Members that there will be.</param>
    public IEnumerable<Move> Together(int expected, int free)
    {
        List<Move> moves = [];
        foreach (int mark in members.Select(m => m.Current.WaitsAt).OfType<int>().Distinct().Order())
        {
            if (members.Count < expected || !members.All(m => m.IsLost || m.Reports.Any(r => r.Step >= mark) || m.Current.WaitsAt >= mark))
                break;
            var ranked = Ranked(members.Where(m => !m.IsLost).Select(m => m.At(mark)));
            moves.AddRange(members.Where(m => m.Current.WaitsAt == mark)
                .OrderBy(m => PlaceOf(m, ranked) ?? int.MaxValue).Select(m => MoveOf(m, mark, ranked)));
        }

        return moves.Take(Math.Max(0, free));
    }

    private TrialReport[] Ranked(IEnumerable<TrialReport?> reports)
    {
        TrialReport[] shown = [.. reports.OfType<TrialReport>()];
        return [.. Standing.Order([.. shown.Select(r => Result.Of(history, r.Report))]).Select(i => shown[i])];
    }

    private static int? PlaceOf(Member member, TrialReport[] ranked) =>
        Array.FindIndex(ranked, r => r.Number == member.Current.Number) is var place and >= 0 ? place : null;

    private Move MoveOf(Member member, int mark, TrialReport[] ranked)
    {
        int trial = member.Current.Number;
        int part = Math.Min((int)Math.Ceiling(ranked.Length * options.Number("quantile")), ranked.Length / 2);
        bool isBad = PlaceOf(member, ranked) is not { } place || place >= ranked.Length - part;
        // Weights of a milestone that comes earlier than its own would set it back.
        TrialReport[] donors = isBad ? [.. ranked.Take(part).Where(r => r.Number != trial && r.Step >= mark)] : [];
        if (donors is [])
            return new Move.Resume(trial, marks.After(mark));

        var donor = donors[random.ForPath($"pbt.donor/{mark}").For(trial).NextInt(donors.Length)];
        var parent = history.Trials.First(t => t.Number == donor.Number);
        var assignment = new Exploration(history.Space, options).From(parent.Assignment, path => random.ForPath($"{path}/{mark}").For(trial));
        return new Move.Replace(trial, RulingOf(member, mark, ranked, part), donor.Number, donor.Step, assignment, marks.After(donor.Step));
    }

    private Ruling RulingOf(Member member, int mark, TrialReport[] ranked, int part)
    {
        double cutoff = ranked[^(part + 1)].Value(history.Objective);
        return PlaceOf(member, ranked) is { } place
            ? new Ruling(mark, $"place {place + 1} of {ranked.Length} in the population at step {mark}; the last {part} are replaced",
                ranked[place].Value(history.Objective), ranked.Length, cutoff)
            : new Ruling(mark, $"nothing was measured at step {mark}", null, ranked.Length, cutoff);
    }
}
