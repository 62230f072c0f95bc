namespace GenCluster.Core.Placement;

/// <summary>
/// Who is served next: the highest priority; there, who is already at the head of the queue; else a trial of the project
/// that has the fewest workers for its weight; of one project's trials the one that came first.
/// </summary>
/// <remarks>
/// A head keeps its place until it is served. Otherwise a large wish could be passed by small ones of projects that have
/// little, again and again, each time with some of the workers that it was waiting for.
/// </remarks>
internal sealed class ServiceQueue
{
    private readonly Usage usage;
    private readonly Stack<(Queue<WaitingGang> Heads, List<Queue<WaitingGang>> Projects)> priorities;

    public ServiceQueue(PlacementState state, Usage usage)
    {
        this.usage = usage;
        var heads = state.Heads.ToHashSet();
        priorities = new(state.Waiting.GroupBy(w => w.Wish.Priority).OrderBy(g => g.Key).Select(priority =>
        {
            var ordered = priority.OrderBy(w => w.Turn).ThenBy(w => w.Wish.Trial, Board.ByTrial).ToArray();
            return (new Queue<WaitingGang>(ordered.Where(w => heads.Contains(w.Wish.Trial))),
                ordered.Where(w => !heads.Contains(w.Wish.Trial)).GroupBy(w => w.Wish.Project).Select(p => new Queue<WaitingGang>(p)).ToList());
        }));
    }

    /// <summary>The next one, by what the projects have now; null when all had their turn.</summary>
    public GangRequest? Next()
    {
        while (priorities.TryPeek(out var priority))
        {
            if (priority.Heads.TryDequeue(out var head))
                return head.Wish;
            if (priority.Projects.Count == 0)
            {
                priorities.Pop();
                continue;
            }

            var first = priority.Projects.Order(Comparer<Queue<WaitingGang>>.Create(Compare)).First();
            var next = first.Dequeue();
            if (first.Count == 0)
                priority.Projects.Remove(first);
            return next.Wish;
        }

        return null;
    }

    private int Compare(Queue<WaitingGang> left, Queue<WaitingGang> right)
    {
        var (a, b) = (left.Peek(), right.Peek());
        int order = usage.Compare(a.Wish.Project, b.Wish.Project);
        if (order == 0)
            order = a.Turn.CompareTo(b.Turn);
        return order != 0 ? order : Board.ByTrial.Compare(a.Wish.Trial, b.Wish.Trial);
    }
}
