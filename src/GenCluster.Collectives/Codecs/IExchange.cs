namespace GenCluster.Collectives.Codecs;

/// <summary>What coded sums need of a gang besides exact sums: every member hands every other one some bytes.</summary>
public interface IExchange
{
    /// <summary>
    /// Sends each peer its piece and receives one from each; blocks until all is there. Every member calls it for the same
    /// positions in the same order, with lengths that follow from the plan: what a peer means to send is compared with what is expected.
    /// </summary>
    /// <param name="outgoing">By member; may be empty, the own one is not looked at.</param>
    /// <param name="incoming">By member, likewise. After an exception the content is arbitrary.</param>
    /// <param name="position">The position of the trial, compared with that of the others.</param>
    void Exchange(ReadOnlySpan<ReadOnlyMemory<byte>> outgoing, ReadOnlySpan<Memory<byte>> incoming, long position);
}
