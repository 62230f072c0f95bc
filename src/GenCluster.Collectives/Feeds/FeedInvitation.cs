using System.Text;
using GenCluster.Collectives.Hellos;

namespace GenCluster.Collectives.Feeds;

/// <summary>What both ends of a feed must agree on: whose state is handed over, and to whom it may go.</summary>
public sealed record FeedInvitation
{
    /// <summary>The trial's id, at most 256 bytes of UTF-8.</summary>
    public required string Trial { get; init; }

    /// <summary>The lease's number.</summary>
    public required long Epoch { get; init; }

    /// <summary>32 bytes that only the members of the trial know.</summary>
    public required ReadOnlyMemory<byte> Secret { get; init; }

    /// <summary>32 bytes that name what the state is made of: both ends must have the same.</summary>
    public required ReadOnlyMemory<byte> StateHash { get; init; }

    /// <exception cref="ArgumentException">A part is out of its bounds.</exception>
    internal void Check()
    {
        var trialBytes = Encoding.UTF8.GetByteCount(Trial);
        Require(trialBytes is > 0 and <= HelloCodec.MaxTrialBytes, $"the trial's id has {trialBytes} bytes; 1 to {HelloCodec.MaxTrialBytes} are allowed");
        Require(Secret.Length == HelloCodec.DigestSize, $"the secret has {Secret.Length} bytes; it must have {HelloCodec.DigestSize}");
        Require(StateHash.Length == HelloCodec.DigestSize, $"the state's hash has {StateHash.Length} bytes; it must have {HelloCodec.DigestSize}");
    }

    private void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new ArgumentException($"feed of trial '{Trial}', epoch {Epoch}: {otherwise}");
        }
    }
}
