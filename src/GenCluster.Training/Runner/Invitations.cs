using System.Collections.Immutable;
using System.Net;
using GenCluster.Collectives.Feeds;
using GenCluster.Collectives.Gangs;
using GenCluster.Collectives.Tree;
using GenCluster.Core.Training;
using GenCluster.Training.Elastic;
using GenCluster.Training.Loop;

namespace GenCluster.Training.Runner;

/// <summary>An order in the words of the data plane.</summary>
internal static class Invitations
{
    public static GangPlan Plan(TrialOrder order, TrainingState state) =>
        new(order.Definition.Training.Shards, Ranges(order), state.Vectors);

    public static GangInvitation ToGang(TrialOrder order, GangPlan plan) => new()
    {
        Trial = order.Lease.Trial.ToString(),
        Epoch = order.Lease.Epoch,
        Member = order.Member,
        EndPoints = [.. order.Members.Select(EndPointOf)],
        Secret = order.Secret,
        Plan = plan,
    };

    public static FeedInvitation ToFeed(TrialOrder order, TrainingState state) => new()
    {
        Trial = order.Lease.Trial.ToString(),
        Epoch = order.Lease.Epoch,
        Secret = order.Secret,
        StateHash = StateParts.Hash(state),
    };

    public static IPEndPoint EndPointOf(GangMember member) => new(AddressOf(member), member.Port);

    private static ImmutableArray<ShardRange> Ranges(TrialOrder order)
    {
        int next = 0;
        var ranges = ImmutableArray.CreateBuilder<ShardRange>(order.Members.Length);
        foreach (var member in order.Members)
        {
            ranges.Add(new ShardRange(next, member.Shards));
            next += member.Shards;
        }

        return ranges.MoveToImmutable();
    }

    private static IPAddress AddressOf(GangMember member) =>
        IPAddress.TryParse(member.Host, out var address) ? address : Dns.GetHostAddresses(member.Host)[0];
}
