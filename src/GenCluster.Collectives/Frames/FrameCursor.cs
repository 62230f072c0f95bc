using GenCluster.Collectives.Tree;

namespace GenCluster.Collectives.Frames;

/// <summary>
/// Walks the frames that flow one way over one connection in one all-reduce, in their only order: the partials of the
/// receiver's slice, chunk by chunk, and among them the sums of the sender's slice, each one chunk behind, so that a sum leaves while it is
/// still in the cache. Sender and receiver walk alike, so a frame carries its place only to be compared. Nobody waits in a circle: what is
/// sent for a chunk needs nothing but what was sent for earlier chunks.
/// </summary>
internal struct FrameCursor
{
    /// <summary>How many chunks the sums are behind: while they wait for the partials of a chunk, those of the next one are on their way.</summary>
    public const int Lead = 1;

    private readonly VectorSlice receivers;
    private readonly VectorSlice senders;
    private readonly int partials;
    private int step;

    /// <param name="receivers">The receiver's slice of the bucket.</param>
    /// <param name="senders">The sender's slice of the bucket; empty where no sums flow.</param>
    /// <param name="partials">How many partials the sender has.</param>
    public FrameCursor(VectorSlice receivers, VectorSlice senders, int partials)
    {
        this.receivers = receivers;
        this.senders = senders;
        this.partials = partials;
        Kind = FrameKind.Partial;
        Settle();
    }

    public FrameKind Kind { get; private set; }

    public int Partial { get; private set; }

    public readonly int Chunk => Kind == FrameKind.Partial ? step : step - Lead;

    public readonly bool PartialsDone => step >= receivers.Chunks;

    public readonly bool Done => PartialsDone && step - Lead >= senders.Chunks;

    /// <summary>The elements of the slot that the frame carries.</summary>
    public readonly VectorSlice Elements => (Kind == FrameKind.Partial ? receivers : senders).Chunk(Chunk);

    public void Next()
    {
        if (Kind == FrameKind.Sum)
        {
            Kind = FrameKind.Partial;
            step++;
        }
        else if (++Partial == partials)
        {
            Partial = 0;
            Kind = FrameKind.Sum;
        }

        Settle();
    }

    /// <summary>Goes on over what does not exist: partials after the receiver's last chunk, sums before the sender's first or after its last.</summary>
    private void Settle()
    {
        while (!Done)
        {
            if (Kind == FrameKind.Partial)
            {
                if (!PartialsDone)
                {
                    return;
                }

                Kind = FrameKind.Sum;
            }

            if (Chunk >= 0 && Chunk < senders.Chunks)
            {
                return;
            }

            Kind = FrameKind.Partial;
            step++;
        }
    }
}
