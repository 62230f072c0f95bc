namespace GenCluster.Collectives.Frames;

/// <summary>What a frame of the data plane carries. The numbers are the wire's and never change.</summary>
internal enum FrameKind : byte
{
    /// <summary>A subtree's sum over one chunk of the receiver's slice.</summary>
    Partial = 16,

    /// <summary>The finished sum over one chunk of the sender's slice.</summary>
    Sum = 17,
}
