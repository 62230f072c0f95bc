using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Numerics;
using System.Security.Cryptography;
using GenCluster.Collectives.Memory;

namespace GenCluster.Collectives.Tree;

/// <summary>
/// Who sums what: the shards of a trial, the contiguous range of them that each member of the gang computes, and where the
/// vectors lie that are reduced. Everything on the wire follows from it, so members compare its hash before they talk.
/// </summary>
public sealed class GangPlan
{
    /// <summary>The most shards that a trial may have.</summary>
    public const int MaxShards = 4096;

    private const int MostExchanged = 32 * 1024;

    private readonly ImmutableArray<ImmutableArray<TreeNode>> partials;

    /// <summary>Makes a plan.</summary>
    /// <param name="shards">The trial's shards, a power of two up to <see cref="MaxShards"/>.</param>
    /// <param name="ranges">Each member's shards, in order, without gaps, at least one for each member.</param>
    /// <param name="layout">The buckets of each phase.</param>
    /// <exception cref="ArgumentException">The numbers do not make a plan.</exception>
    public GangPlan(int shards, ImmutableArray<ShardRange> ranges, VectorLayout layout)
    {
        ArgumentNullException.ThrowIfNull(layout);
        CheckShards(shards);
        CheckRanges(shards, ranges);

        Shards = shards;
        Ranges = ranges;
        Layout = layout;
        partials = [.. ranges.Select(range => TreeNode.Cover(range, shards).ToImmutableArray())];
        Hash = ImmutableArray.Create(SHA256.HashData(Canonical()));
    }

    /// <summary>The trial's shards.</summary>
    public int Shards { get; }

    /// <summary>The shards of each member.</summary>
    public ImmutableArray<ShardRange> Ranges { get; }

    /// <summary>Where the buckets of each phase lie.</summary>
    public VectorLayout Layout { get; }

    /// <summary>SHA-256 of the plan; equal on all members or they refuse each other.</summary>
    public ImmutableArray<byte> Hash { get; }

    /// <summary>How many members the gang has.</summary>
    public int Members => Ranges.Length;

    /// <summary>The plan with the shards divided as <see cref="Divide"/> does.</summary>
    public static GangPlan Even(int shards, int members, VectorLayout layout) => new(shards, Divide(shards, members), layout);

    /// <summary>Divides the shards among the members as evenly as can be; where it does not come out even, the first members have one more.</summary>
    /// <exception cref="ArgumentException">There are more members than shards, or the shards are not a power of two.</exception>
    public static ImmutableArray<ShardRange> Divide(int shards, int members)
    {
        CheckShards(shards);
        if (members < 1 || members > shards)
        {
            throw new ArgumentException($"cannot divide {shards} shards among {members} members; every member needs at least one shard, so use 1 to {shards} members", nameof(members));
        }

        var (each, more) = (shards / members, shards % members);
        return [.. Enumerable.Range(0, members).Select(m => new ShardRange(m * each + Math.Min(m, more), each + (m < more ? 1 : 0)))];
    }

    /// <summary>The maximal aligned subtrees that the member's shards make up, in shard order: what it sends for each chunk.</summary>
    public ImmutableArray<TreeNode> PartialsOf(int member) => partials[member];

    /// <summary>
    /// Whether two members without common memory send each other all of a bucket and both sum all of it: for few elements one
    /// way there is quicker than a way there and back, and the bytes are as many.
    /// </summary>
    internal bool IsExchanged(Bucket bucket) => Members == 2 && bucket.Length <= MostExchanged;

    /// <exception cref="ArgumentException">The memory has too small or too few slots for this plan.</exception>
    internal void CheckFits(VectorMemory memory)
    {
        if (memory.Capacity < Layout.Capacity || memory.Slots < SlotSchedule.MostSlots(Shards))
        {
            throw new ArgumentException(
                $"the memory has {memory.Slots} slots of {memory.Capacity} elements; this plan of {Shards} shards needs {SlotSchedule.MostSlots(Shards)} of {Layout.Capacity}", nameof(memory));
        }
    }

    private byte[] Canonical()
    {
        // Chunk and alignment are in it because two builds that cut the vector differently must not meet.
        int[] numbers =
        [
            2, VectorSlice.ChunkElements, VectorLayout.Alignment, Shards, Ranges.Length, .. Ranges.Select(range => range.Count),
            Layout.Capacity, Layout.Phases.Length, .. Layout.Phases.SelectMany(phase => NumbersOf(phase)),
        ];
        var bytes = new byte[numbers.Length * sizeof(int)];
        for (var i = 0; i < numbers.Length; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(i * sizeof(int)), numbers[i]);
        }

        return bytes;
    }

    private static IEnumerable<int> NumbersOf(ImmutableArray<Bucket> phase) =>
        phase.SelectMany(bucket => new[] { bucket.Start, bucket.Length }).Prepend(phase.Length);

    private static void CheckShards(int shards)
    {
        if (shards is < 1 or > MaxShards || !BitOperations.IsPow2(shards))
        {
            throw new ArgumentException($"{shards} shards cannot be summed in a full binary tree; use a power of two from 1 to {MaxShards}", nameof(shards));
        }
    }

    private static void CheckRanges(int shards, ImmutableArray<ShardRange> ranges)
    {
        if (ranges.IsDefaultOrEmpty)
        {
            throw new ArgumentException("a gang has no members; give at least one range of shards", nameof(ranges));
        }

        var next = 0;
        foreach (var (member, range) in ranges.Index())
        {
            if (range.First != next || range.Count < 1 || range.Count > shards - next)
            {
                throw new ArgumentException(
                    $"member {member} has {range.Count} shards from {range.First} on; it must have at least one, start at shard {next} and stay within {shards} shards", nameof(ranges));
            }

            next = range.End;
        }

        if (next != shards)
        {
            throw new ArgumentException($"the members' ranges end at shard {next} of {shards}; together they must hold every shard", nameof(ranges));
        }
    }
}
