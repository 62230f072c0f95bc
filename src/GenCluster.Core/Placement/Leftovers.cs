using GenCluster.Core.Identity;
using GenCluster.Core.Workers;

namespace GenCluster.Core.Placement;

/// <summary>
/// What nobody needs now. One worker after the other goes to the project that has fewest for its weight, there to the
/// smallest gang: progressive filling. It is no gift: a gang gives back what is above its minimum when others need it.
/// </summary>
internal sealed class Leftovers(PlacementState state, Board board, Room free, Usage usage)
{
    /// <summary>What is kept for a head that waits for gangs to end may be used by gangs that give it back at any time.</summary>
    public void Reopen(IEnumerable<int> workers)
    {
        foreach (int worker in workers)
            free.Keep(worker, kept: false);
    }

    /// <summary>New gangs get more than their minimum.</summary>
    public void Complete(IEnumerable<Standing> gangs) => Fill([.. gangs], _ => _ => true);

    /// <summary>Gangs at work grow by workers that were free for a while.</summary>
    public IReadOnlyList<GangGrowth> Grow(IEnumerable<Standing> gangs)
    {
        Standing[] growing = [.. gangs.Where(g => !g.Ends && g.Members.Count > 0 && g.Leaving.Count + g.Asked.Count == 0)];
        int[] before = [.. growing.Select(g => g.Members.Count)];
        Fill(growing, gang => w => board.Workers[w] is { IsIdle: true, Fitness: WorkerFitness.Fit } worker && state.MayJoin?.Invoke(gang.Wish.Trial, worker.Worker) is not false);
        return
        [
            .. growing.Select((g, i) => new GangGrowth(g.Wish.Trial, (WorkerId[])[.. g.Members.Skip(before[i]).Select(w => board.Workers[w].Worker)]))
                .Where(g => g.Joiners.Count > 0),
        ];
    }

    private void Fill(IReadOnlyList<Standing> gangs, Func<Standing, Predicate<int>> mayTake)
    {
        var order = Comparer<Standing>.Create((a, b) =>
            usage.Compare(a.Wish.Project, b.Wish.Project) is not 0 and var share ? share : a.Members.Count.CompareTo(b.Members.Count));
        List<Standing> growing = [.. gangs];
        while (growing.Count > 0)
        {
            var gang = growing.Order(order).First();
            bool may = gang.Members.Count < gang.Wish.Max && usage.LeftOf(gang.Wish.Project) > 0;
            if (!may || free.Best(gang.Wish, gang.Members, mayTake(gang)) is not { } worker)
            {
                growing.Remove(gang);
                continue;
            }

            free.Take(gang.Wish, worker);
            gang.Members.Add(worker);
            usage.Hold(gang.Wish.Project, 1);
        }
    }
}
