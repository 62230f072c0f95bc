using System.Globalization;
using System.Net;
using GenCluster.Benchmarks.Crews;
using GenCluster.Collectives.Gangs;
using GenCluster.Collectives.Memory;
using GenCluster.Collectives.Tree;

namespace GenCluster.Benchmarks.AllReduce;

/// <summary>A member of a gang of this project's data plane, over the transport that the benchmark names.</summary>
internal sealed class GangMember : IDisposable
{
    private const int Places = 97;

    private readonly IGang gang;
    private readonly ShardAccumulator vectors;
    private long position;

    private GangMember(VectorMemory memory, IGang gang)
    {
        this.gang = gang;
        vectors = new ShardAccumulator(gang.Plan, gang.Member, memory);
    }

    private int Members => gang.Plan.Members;

    /// <summary>A member: meets the others and answers <c>run COUNT WARM_UP ITERATIONS</c>.</summary>
    public static void Serve(CrewLine line, int members, Transport transport)
    {
        using var listener = new GangListener(IPAddress.Loopback);
        string[] ports = line.Meet($"{listener.EndPoint.Port}");
        var layout = VectorLayout.Plain([.. VectorSize.All.Select(size => size.Count)]);
        using var memory = new VectorMemory(layout.Capacity, members);
        var gang = BenchmarkGang.Join(line.Member, ports, GangPlan.Even(members, members, layout), memory, listener, transport);
        using var member = new GangMember(memory, gang);
        line.Serve(request => member.Run(Number(request[1]), Number(request[2]), Number(request[3])));
    }

    public void Dispose() => gang.Dispose();

    private string Run(int count, int warmUp, int iterations)
    {
        int phase = VectorSize.All.Index().First(size => size.Item.Count == count).Index;
        Verify(phase, count);
        var stamps = new Stamps(iterations);
        for (int i = -warmUp; i < iterations; i++)
        {
            int shift = Math.Abs(i) % 7;
            Fill(phase, gang.Member + 1 + shift, count);
            if (i >= 0)
                stamps.Begin();
            gang.AllReduce(vectors, ++position);
            if (i >= 0)
                stamps.End();
            int wanted = Members * (Members + 1) / 2 + Members * shift;
            var sum = vectors.Vector;
            Require(sum[0] == wanted && sum[count / 2] == wanted && sum[count - 1] == wanted);
        }

        return stamps.Answer();
    }

    private void Fill(int phase, float value, int count)
    {
        vectors.Begin(phase);
        vectors.Vector[..count].Fill(value);
        vectors.Commit(gang.Member);
    }

    /// <summary>
    /// Sums numbers that differ from place to place, and looks at each. First the first member is late, then the last one, so that
    /// every one has slept and been woken once: what the runtime does for a first time is nothing that a step costs.
    /// </summary>
    private void Verify(int phase, int count)
    {
        Verify(phase, count, late: gang.Member == 0);
        Verify(phase, count, late: gang.Member == Members - 1);
    }

    private void Verify(int phase, int count, bool late)
    {
        vectors.Begin(phase);
        for (int i = 0; i < count; i++)
            vectors.Vector[i] = i % Places + gang.Member;
        vectors.Commit(gang.Member);
        if (late)
            Thread.Sleep(5);
        gang.AllReduce(vectors, ++position);
        for (int i = 0; i < count; i++)
            Require(vectors.Vector[i] == Members * (i % Places) + Members * (Members - 1) / 2);
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static void Require(bool right)
    {
        if (!right)
            throw new BenchmarkException("wrong sum");
    }
}
