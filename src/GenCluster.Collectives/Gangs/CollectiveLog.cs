using System.Globalization;
using System.Text;
using GenCluster.Collectives.Frames;
using GenCluster.Collectives.Memory;

namespace GenCluster.Collectives.Gangs;

/// <summary>
/// The last collectives of one member of a gang, as a ring in memory: what was summed, and when whose part was there. It is
/// written at no cost that matters and read after a break, to see who waited for whom.
/// </summary>
public sealed class CollectiveLog
{
    /// <summary>How many collectives it keeps.</summary>
    public const int Capacity = 1000;

    private readonly Lock gate = new();
    private readonly Entry[] entries = new Entry[Capacity];
    private readonly long[] readyAt; // by entry and member: 0 while it is not known
    private readonly string title;
    private readonly int member;
    private readonly int members;
    private long count;

    internal CollectiveLog(string title, int member, int members)
    {
        this.title = title;
        this.member = member;
        this.members = members;
        readyAt = new long[Capacity * members];
    }

    /// <summary>How many collectives were begun, those too that are not kept any more.</summary>
    public long Count => Interlocked.Read(ref count);

    /// <summary>
    /// All that is kept as lines of text, the oldest first. Times are seconds of the host's clock, and what follows a member is how much later
    /// than this one its vector was complete; a question mark is one of which nothing was heard.
    /// </summary>
    public string Dump()
    {
        var text = new StringBuilder(title).Append('\n');
        lock (gate)
        {
            for (var number = Math.Max(0, count - Capacity); number < count; number++)
            {
                Append(text, (int)(number % Capacity));
            }
        }

        return text.ToString();
    }

    internal void Begin(in Collective collective)
    {
        lock (gate)
        {
            var at = (int)(count++ % Capacity);
            entries[at] = new Entry(collective.Place, collective.Bucket.Length * (long)sizeof(float), collective.ReadyAt);
            readyAt.AsSpan(at * members, members).Clear();
            readyAt[(at * members) + member] = collective.ReadyAt;
        }
    }

    /// <summary>Notes when each member's vector was complete, and that the last collective begun is over.</summary>
    /// <param name="peers">By member, on this host's clock; 0 where it is not known.</param>
    internal void End(ReadOnlySpan<long> peers, long at, bool broken)
    {
        lock (gate)
        {
            if (count > 0)
            {
                var last = (int)((count - 1) % Capacity);
                peers.CopyTo(readyAt.AsSpan(last * members, members));
                entries[last].EndedAt = at;
                entries[last].Broken = broken;
            }
        }
    }

    private static double Seconds(long nanoseconds) => nanoseconds / 1e9;

    private void Append(StringBuilder text, int at)
    {
        ref readonly var entry = ref entries[at];
        var outcome = entry.EndedAt == 0 ? "under way" : string.Create(
            CultureInfo.InvariantCulture, $"{(entry.Broken ? "broken" : "done")} after {Seconds(entry.EndedAt - entry.ReadyAt):0.000000} s");
        text.Append(
            CultureInfo.InvariantCulture,
            $"position {entry.Place.Position} phase {entry.Place.Phase} bucket {entry.Place.Bucket}: {entry.Bytes} bytes, ready at {Seconds(entry.ReadyAt):0.000000}, {outcome};");
        for (var m = 0; m < members; m++)
        {
            if (m != member)
            {
                var ready = readyAt[(at * members) + m];
                text.Append(CultureInfo.InvariantCulture, $" member {m} ");
                text.Append(ready == 0 ? "?" : Seconds(ready - entry.ReadyAt).ToString("+0.000000;-0.000000", CultureInfo.InvariantCulture));
            }
        }

        text.Append('\n');
    }

    private record struct Entry(CollectivePlace Place, long Bytes, long ReadyAt)
    {
        public long EndedAt { get; set; }

        public bool Broken { get; set; }
    }
}
