using System.Collections.Immutable;
using GenCluster.Collectives.Tree;
using GenCluster.Training.Models;
using GenCluster.Training.Storage;

namespace GenCluster.Training.Loop;

/// <summary>
/// Where the numbers that a gang sums lie in a slot of the run's vector memory:
/// <code>gradients, network by network | float buffers of all networks | steps of their integer buffers | watched values</code>
/// Where replicas train alone for rounds, room for both moments of all networks and for the losses of all phases follows.
/// An update sums the gradients of the networks that it changes and everything behind the gradients, its tail. Buffers
/// and losses take the same road as gradients, so they too are the same for any number of workers.
/// </summary>
internal sealed class SlotLayout
{
    /// <summary>Room for the loss, its parts and the votes.</summary>
    public const int Watched = 16;

    /// <summary>Room for a message from the leader to everybody (<see cref="Bulletin"/>), two bytes in a number.</summary>
    public const int BulletinLength = 8192;

    /// <summary>Room for every member's position (<see cref="Roll"/>).</summary>
    public const int RollLength = Roll.MaxMembers * Roll.Numbers;

    private const int SmallestPiece = 1024 * 1024 / sizeof(float);

    private readonly bool pieces;
    private readonly Bucket[] gradients;
    private readonly int momentsStart;
    private readonly int moments;

    /// <param name="rounds">Whether replicas train alone for rounds (<see cref="RoundOperation"/>).</param>
    /// <param name="pieces">Whether gradients are cut into buckets of their own, which can be encoded, or summed while others are still computed.</param>
    public SlotLayout(GenerativeModel model, bool rounds = false, bool pieces = false)
    {
        this.pieces = pieces;
        int end = 0;
        gradients = new Bucket[model.Networks.Count];
        foreach (var (i, network) in model.Networks.Index())
        {
            int length = NetworkStorage.GradientLength(network);
            (gradients[i], end) = (new Bucket(end, length), checked(end + length));
        }

        int tail = model.Networks.Sum(NetworkStorage.BufferLength) + Watched;
        Tail = new Bucket(end, tail);
        moments = end;
        momentsStart = checked(end + ((tail + VectorLayout.Alignment - 1) / VectorLayout.Alignment * VectorLayout.Alignment));
        RoundLosses = new Bucket(checked(momentsStart + (2 * moments)), Watched * model.Phases.Count);
        Capacity = Math.Max(rounds ? RoundLosses.End : Tail.End, Math.Max(BulletinLength, RollLength));
        Vectors = new VectorLayout(
            Capacity,
            [
                .. model.Phases.Select(phase => BucketsOf(model, phase)),
                [new Bucket(0, BulletinLength)],
                [new Bucket(0, RollLength)],
                [new Bucket(0, rounds ? RoundLosses.End : 0)],
            ]);
        BulletinPhase = model.Phases.Count;
    }

    /// <summary>Numbers in a slot.</summary>
    public int Capacity { get; }

    public Bucket Tail { get; }

    /// <summary>The buckets of every phase of the model, in its order, and then those of bulletin and roll.</summary>
    public VectorLayout Vectors { get; }

    public int BulletinPhase { get; }

    public int RollPhase => BulletinPhase + 1;

    public int RoundPhase => BulletinPhase + 2;

    /// <summary>The watched values of every phase in a round.</summary>
    public Bucket RoundLosses { get; }

    /// <summary>Whether a bucket of a phase has gradients and nothing else. Only where they are cut into pieces.</summary>
    public bool IsGradients(int phase, int bucket) => pieces && phase < BulletinPhase && Vectors.Phases[phase][bucket] != Tail;

    /// <summary>The place of a network's gradients, by the network's place in the model.</summary>
    public Bucket GradientsOf(int network) => gradients[network];

    /// <summary>The place of a network's first moment in a round.</summary>
    public Bucket FirstMomentOf(int network) => gradients[network] with { Start = momentsStart + gradients[network].Start };

    /// <summary>The place of a network's second moment in a round.</summary>
    public Bucket SecondMomentOf(int network) => gradients[network] with { Start = momentsStart + moments + gradients[network].Start };

    private ImmutableArray<Bucket> BucketsOf(GenerativeModel model, Phase phase)
    {
        var buckets = new List<Bucket>();
        foreach (var (i, network) in model.Networks.Index().Where(network => phase.Updates.Contains(network.Item.Name)))
        {
            foreach (var bucket in pieces ? Cut(network, gradients[i].Start) : [gradients[i]])
                Append(buckets, bucket);
        }

        Append(buckets, Tail);
        return [.. buckets];
    }

    /// <summary>Neighbours are one bucket where nothing is cut: each bucket costs the gang a round of waiting.</summary>
    private void Append(List<Bucket> buckets, Bucket next)
    {
        if (!pieces && buckets.Count > 0 && buckets[^1].End == next.Start)
            buckets[^1] = buckets[^1] with { Length = buckets[^1].Length + next.Length };
        else
            buckets.Add(next);
    }

    /// <summary>A network's gradients in pieces of whole parameters, none smaller than it takes to be worth a round but the first.</summary>
    private static List<Bucket> Cut(Network network, int start)
    {
        var layout = new FlatLayout();
        foreach (var (name, parameter) in network.Module.named_parameters())
            layout.Add(name, parameter);
        var cuts = new List<Bucket>();
        int end = layout.Length;
        foreach (var slot in layout.Slots.Reverse().Where(slot => end - slot.Offset >= SmallestPiece || slot.Offset == 0))
        {
            if (end > slot.Offset)
                cuts.Insert(0, new Bucket(start + slot.Offset, end - slot.Offset));
            end = slot.Offset;
        }

        return cuts;
    }
}
