using GenCluster.Collectives.Tree;

namespace GenCluster.Collectives.Frames;

/// <summary>
/// Walks the frames that flow one way over one connection in one all-reduce, in their only order: all partials of the
/// receiver's slice, chunk by chunk, then the sums of the sender's slice. Sender and receiver walk alike, so a frame
/// carries its place only to be compared.
/// </summary>
internal struct FrameCursor
{
    private readonly VectorSlice receivers;
    private readonly VectorSlice senders;
    private readonly int partials;

    /// <param name="receivers">The receiver's slice of the vector.</param>
    /// <param name="senders">The sender's slice of the vector.</param>
    /// <param name="partials">How many partials the sender has.</param>
    public FrameCursor(VectorSlice receivers, VectorSlice senders, int partials)
    {
        this.receivers = receivers;
        this.senders = senders;
        this.partials = partials;
        Kind = FrameKind.Partial;
        EnterSums();
    }

    public FrameKind Kind { get; private set; }

    public int Chunk { get; private set; }

    public int Partial { get; private set; }

    public readonly bool Done => Kind == FrameKind.Sum && Chunk == senders.Chunks;

    /// <summary>The elements of the vector that the frame carries.</summary>
    public readonly VectorSlice Elements => (Kind == FrameKind.Partial ? receivers : senders).Chunk(Chunk);

    public void Next()
    {
        if (Kind == FrameKind.Partial && ++Partial < partials)
        {
            return;
        }

        Partial = 0;
        Chunk++;
        EnterSums();
    }

    private void EnterSums()
    {
        if (Kind == FrameKind.Partial && Chunk == receivers.Chunks)
        {
            Kind = FrameKind.Sum;
            Chunk = 0;
        }
    }
}
