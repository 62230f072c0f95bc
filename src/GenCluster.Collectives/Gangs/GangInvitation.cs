using System.Collections.Immutable;
using System.Net;
using System.Text;
using GenCluster.Collectives.Hellos;
using GenCluster.Collectives.Tree;

namespace GenCluster.Collectives.Gangs;

/// <summary>What the coordinator tells a worker about a gang that it is to join.</summary>
public sealed record GangInvitation
{
    /// <summary>The trial's id, at most 256 bytes of UTF-8.</summary>
    public required string Trial { get; init; }

    /// <summary>The lease's number; it rises at every change of the gang.</summary>
    public required long Epoch { get; init; }

    /// <summary>Which member the receiver is.</summary>
    public required int Member { get; init; }

    /// <summary>Where the members' listeners are, the receiver's own too.</summary>
    public required ImmutableArray<IPEndPoint> EndPoints { get; init; }

    /// <summary>32 bytes that only the gang's members know.</summary>
    public required ReadOnlyMemory<byte> Secret { get; init; }

    /// <summary>Who sums what.</summary>
    public required GangPlan Plan { get; init; }

    /// <exception cref="ArgumentException">A part is out of its bounds or does not fit the others.</exception>
    internal void Check()
    {
        var trialBytes = Encoding.UTF8.GetByteCount(Trial);
        Require(trialBytes is > 0 and <= HelloCodec.MaxTrialBytes, $"the trial's id has {trialBytes} bytes; 1 to {HelloCodec.MaxTrialBytes} are allowed");
        Require(Secret.Length == HelloCodec.DigestSize, $"the secret has {Secret.Length} bytes; it must have {HelloCodec.DigestSize}");
        Require(
            !EndPoints.IsDefault && EndPoints.Length == Plan.Members,
            $"there are {(EndPoints.IsDefault ? 0 : EndPoints.Length)} endpoints for the plan's {Plan.Members} members; give one for each");
        Require(Member >= 0 && Member < Plan.Members, $"member {Member} is not in the plan; its members are 0 to {Plan.Members - 1}");
    }

    private void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new ArgumentException($"invitation to trial '{Trial}', epoch {Epoch}: {otherwise}");
        }
    }
}
