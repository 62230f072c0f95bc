namespace GenCluster.Core.Placement;

/// <summary>
/// The workers that matter to a wish: those it could use, and those that share a device with one of them. What happens
/// elsewhere cannot delay it.
/// </summary>
internal sealed class Territory
{
    private readonly bool[] holds;

    private Territory(bool[] holds) => this.holds = holds;

    /// <summary>Members that the wish could have if nobody else were there.</summary>
    public int Capacity { get; private init; }

    /// <summary>The same, if no worker were set aside.</summary>
    public int CapacityOfAll { get; private init; }

    /// <summary>Whether a worker more or less is a possible member more or less, as on devices that nobody shares.</summary>
    public bool IsCountable { get; private init; }

    public bool Holds(int worker) => holds[worker];

    public bool Overlaps(Territory other)
    {
        for (int w = 0; w < holds.Length; w++)
        {
            if (holds[w] && other.holds[w])
                return true;
        }

        return false;
    }

    public static Territory Of(Board board, GangRequest wish)
    {
        bool[] holds = new bool[board.Workers.Length];
        int[] onDevice = new int[board.BytesOf.Length];
        for (int w = 0; w < holds.Length; w++)
        {
            holds[w] = board.Suits(wish, w);
            if (holds[w] && board.DeviceOf[w] is >= 0 and var device)
                onDevice[device]++;
        }

        for (int w = 0; w < holds.Length; w++)
            holds[w] |= board.DeviceOf[w] is >= 0 and var device && onDevice[device] > 0;
        return new Territory(holds)
        {
            Capacity = CapacityOf(board, wish, w => board.Suits(wish, w)),
            CapacityOfAll = CapacityOf(board, wish, w => board.IsOfItsKind(wish, w)),
            IsCountable = !Enumerable.Range(0, holds.Length).Where(w => holds[w] && board.DeviceOf[w] >= 0).GroupBy(w => board.DeviceOf[w]).Any(d => d.Skip(1).Any()),
        };
    }

    private static int CapacityOf(Board board, GangRequest wish, Predicate<int> may)
    {
        int[] onDevice = new int[board.BytesOf.Length];
        int capacity = 0;
        for (int w = 0; w < board.Workers.Length; w++)
        {
            if (!may(w))
                continue;
            int device = board.DeviceOf[w];
            if (device < 0 || ++onDevice[device] * board.LoadOf(wish, device) <= board.BytesOf[device])
                capacity++;
        }

        return capacity;
    }
}
