using System.Globalization;
using System.Net;
using GenCluster.Collectives.Gangs;
using GenCluster.Collectives.Memory;
using GenCluster.Collectives.Tree;

namespace GenCluster.Benchmarks.Crews;

/// <summary>Joins the members of a crew into a gang, as workers do under a lease.</summary>
internal static class BenchmarkGang
{
    public static IGang Join(int member, string[] ports, GangPlan plan, VectorMemory memory, GangListener listener, Transport transport)
    {
        if (plan.Members == 1)
            return new SoloGang(plan);
        var invitation = new GangInvitation
        {
            Trial = "benchmark/1",
            Epoch = 1,
            Member = member,
            EndPoints = [.. ports.Select(port => new IPEndPoint(IPAddress.Loopback, int.Parse(port, CultureInfo.InvariantCulture)))],
            Secret = new byte[32],
            Plan = plan,
        };
        return WiredGang.Join(invitation, memory, listener, new GangOptions { Transport = transport });
    }
}
