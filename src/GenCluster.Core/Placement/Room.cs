namespace GenCluster.Core.Placement;

/// <summary>Workers that may be taken, and what is left of the devices they share. Workers can be put in and taken out.</summary>
internal sealed class Room
{
    private readonly Board board;
    private readonly bool[] open;
    private readonly long[] left;

    private Room(Board board, bool[] open, long[] left) => (this.board, this.open, this.left) = (board, open, left);

    /// <summary>The workers that are free.</summary>
    public static Room Of(Board board)
    {
        var room = new Room(board, [.. board.Workers.Select(w => w.Trial is null)], [.. board.BytesOf]);
        var wishes = board.Gangs.ToDictionary(g => g.Wish.Trial, g => g.Wish);
        for (int w = 0; w < room.open.Length; w++)
        {
            if (board.Workers[w].Trial is { } trial && board.DeviceOf[w] is >= 0 and var device)
                room.left[device] -= board.LoadOf(wishes.GetValueOrDefault(trial), device);
        }

        return room;
    }

    public Room Copy() => new(board, [.. open], [.. left]);

    public bool IsOpen(int worker) => open[worker];

    public bool CanTake(GangRequest wish, int worker)
    {
        int device = board.DeviceOf[worker];
        return open[worker] && board.Suits(wish, worker) && (device < 0 || left[device] >= board.LoadOf(wish, device));
    }

    public void Take(GangRequest wish, int worker)
    {
        open[worker] = false;
        if (board.DeviceOf[worker] is >= 0 and var device)
            left[device] -= board.LoadOf(wish, device);
    }

    /// <summary>Puts a member of a gang in.</summary>
    public void Release(GangRequest holder, int worker)
    {
        open[worker] = true;
        if (board.DeviceOf[worker] is >= 0 and var device)
            left[device] += board.LoadOf(holder, device);
    }

    /// <summary>Keeps a free worker, or gives it free again.</summary>
    public void Keep(int worker, bool kept) => open[worker] = !kept;

    /// <summary>Members that the wish could have now.</summary>
    public int Count(GangRequest wish)
    {
        int[] onDevice = new int[left.Length];
        int count = 0;
        for (int w = 0; w < open.Length; w++)
        {
            if (!CanTake(wish, w))
                continue;
            int device = board.DeviceOf[w];
            if (device < 0 || ++onDevice[device] * board.LoadOf(wish, device) <= left[device])
                count++;
        }

        return count;
    }

    /// <summary>Whether the wish could have a member more if this gang gave that worker back.</summary>
    public bool WouldGain(GangRequest wish, GangRequest holder, int worker)
    {
        int device = board.DeviceOf[worker];
        if (device < 0 || !board.Suits(wish, worker))
            return board.Suits(wish, worker);
        long load = board.LoadOf(wish, device);
        int others = Enumerable.Range(0, open.Length).Count(w => board.DeviceOf[w] == device && open[w] && board.Suits(wish, w));
        return Math.Min(others + 1, (left[device] + board.LoadOf(holder, device)) / load) > Math.Min(others, left[device] / load);
    }

    /// <summary>
    /// Takes so many, or none (null): of the host with the least room that is enough, so that members talk through shared
    /// memory and large rooms stay whole; else of as few hosts as possible.
    /// </summary>
    /// <param name="comfortable">As many as the gang could grow to.</param>
    public List<int>? Take(GangRequest wish, int count, int comfortable)
    {
        var hosts = Enumerable.Range(0, open.Length).Where(w => CanTake(wish, w)).GroupBy(w => board.HostOf[w]).Select(h => Together(wish, h)).ToList();
        if (hosts.Sum(h => h.Count) < count)
            return null;
        List<int> taken = [];
        for (int wanted = comfortable; taken.Count < count; wanted = count - taken.Count)
        {
            var host = hosts.Where(h => h.Count >= wanted).MinBy(h => h.Count) ?? hosts.MaxBy(h => h.Count)!;
            hosts.Remove(host);
            taken.AddRange(host.Take(count - taken.Count));
        }

        foreach (int worker in taken)
            Take(wish, worker);
        return taken;
    }

    /// <summary>The worker that is best for one member more; null when there is none.</summary>
    public int? Best(GangRequest wish, IReadOnlyCollection<int> members, Predicate<int> may)
    {
        int? best = null;
        (int, int, int, long) score = default;
        for (int w = 0; w < open.Length; w++)
        {
            if (!CanTake(wish, w) || !may(w))
                continue;
            var (host, device) = (board.HostOf[w], board.DeviceOf[w]);
            var other = (-members.Count(m => board.HostOf[m] == host), (int)board.Workers[w].Fitness,
                device < 0 ? 0 : members.Count(m => board.DeviceOf[m] == device), device < 0 ? 0 : left[device]);
            if (best is null || other.CompareTo(score) < 0)
                (best, score) = (w, other);
        }

        return best;
    }

    /// <summary>Those of one host that can be members together: of different devices first, the fullest device first.</summary>
    private List<int> Together(GangRequest wish, IEnumerable<int> workers)
    {
        int[] onDevice = new int[left.Length];
        List<(int Round, int Worker)> together = [];
        foreach (int w in workers.OrderBy(w => board.Workers[w].Fitness).ThenBy(w => board.DeviceOf[w] is >= 0 and var d ? left[d] : 0).ThenBy(w => w))
        {
            int device = board.DeviceOf[w];
            if (device < 0)
                together.Add((0, w));
            else if ((onDevice[device] + 1) * board.LoadOf(wish, device) <= left[device])
                together.Add((onDevice[device]++, w));
        }

        return [.. together.OrderBy(t => t.Round).Select(t => t.Worker)];
    }
}
