using System.Collections.Immutable;

namespace GenCluster.Collectives.Tree;

/// <summary>A contiguous part of a phase's vector that is reduced as a unit.</summary>
/// <param name="Start">The first element's place in the slot, a multiple of <see cref="VectorLayout.Alignment"/>.</param>
/// <param name="Length">How many elements; none is allowed.</param>
public readonly record struct Bucket(int Start, int Length)
{
    /// <summary>The element after the last one.</summary>
    public int End => Start + Length;
}

/// <summary>Where the buckets of each phase lie in a slot of <see cref="Memory.VectorMemory"/>. Buckets of different phases may share elements.</summary>
public sealed class VectorLayout
{
    /// <summary>Buckets start on 64 bytes: no cache line and no SIMD register is shared between two of them.</summary>
    public const int Alignment = 16;

    /// <summary>Makes a layout.</summary>
    /// <param name="capacity">Elements of a slot.</param>
    /// <param name="phases">The buckets of each phase, in the order in which they are reduced.</param>
    /// <exception cref="ArgumentException">A bucket is not within the slot, not aligned, or overlaps another one of its phase.</exception>
    public VectorLayout(int capacity, params ReadOnlySpan<ImmutableArray<Bucket>> phases)
    {
        if (capacity < 0 || capacity > Array.MaxLength)
        {
            throw new ArgumentException($"a slot of {capacity} elements is impossible; use 0 to {Array.MaxLength}", nameof(capacity));
        }

        if (phases.IsEmpty)
        {
            throw new ArgumentException("a layout without a phase reduces nothing; give the buckets of each phase", nameof(phases));
        }

        for (var phase = 0; phase < phases.Length; phase++)
        {
            Check(capacity, phase, phases[phase]);
        }

        Capacity = capacity;
        Phases = [.. phases];
    }

    /// <summary>Elements of a slot.</summary>
    public int Capacity { get; }

    /// <summary>The buckets of each phase.</summary>
    public ImmutableArray<ImmutableArray<Bucket>> Phases { get; }

    /// <summary>One bucket from the slot's start on for each phase, of the given lengths.</summary>
    public static VectorLayout Plain(params ReadOnlySpan<int> lengths)
    {
        var phases = new ImmutableArray<Bucket>[lengths.Length];
        var capacity = 0;
        for (var phase = 0; phase < lengths.Length; phase++)
        {
            phases[phase] = [new Bucket(0, lengths[phase])];
            capacity = Math.Max(capacity, lengths[phase]);
        }

        return new VectorLayout(capacity, phases);
    }

    private static void Check(int capacity, int phase, ImmutableArray<Bucket> buckets)
    {
        if (buckets.IsDefaultOrEmpty)
        {
            throw new ArgumentException($"phase {phase} has no bucket; give at least one, it may be empty", nameof(buckets));
        }

        var end = 0;
        foreach (var bucket in buckets.OrderBy(bucket => bucket.Start).ThenBy(bucket => bucket.Length))
        {
            if (bucket.Start < 0 || bucket.Start % Alignment != 0 || bucket.Length < 0 || bucket.Length > capacity - bucket.Start)
            {
                throw new ArgumentException(
                    $"phase {phase} has a bucket of {bucket.Length} elements from {bucket.Start} on; it must start on a multiple of {Alignment} and lie within the slot's {capacity} elements", nameof(buckets));
            }

            if (bucket.Start < end)
            {
                throw new ArgumentException($"phase {phase} has a bucket from {bucket.Start} on, where another one goes on to {end}; buckets of a phase must not overlap", nameof(buckets));
            }

            end = bucket.End;
        }
    }
}
