using System.Diagnostics;
using System.Net;
using GenCluster.Benchmarks.Measuring;
using GenCluster.Certificates;
using GenCluster.Collectives.Gangs;
using GenCluster.Collectives.Memory;
using GenCluster.Collectives.Tree;

namespace GenCluster.Benchmarks.Encryption;

/// <summary>What TLS costs the data plane: two members in this process sum vectors over loopback, with and without, turn by turn.</summary>
internal sealed class TlsBenchmark(int rounds)
{
    private static readonly int[] Lengths = [16 * 1024, 1 << 20, 8 << 20];

    public Report Run(IReadOnlyList<string> machine)
    {
        using var plain = new Pair(null);
        using var secured = new Pair(Certificates());
        var table = new Table("two members, TCP over loopback: the median of a sum", "vector", "plain ms", "TLS ms", "plain MB/s", "TLS MB/s", "times as long");
        foreach (int length in Lengths)
        {
            var (without, with) = (new List<double>(), new List<double>());
            for (int round = -2; round < rounds; round++)
            {
                double one = plain.Sum(length), other = secured.Sum(length);
                if (round < 0)
                    continue;
                without.Add(one);
                with.Add(other);
            }

            table.Add(Row(length, Distribution.MedianOf(without), Distribution.MedianOf(with)));
        }

        return new Report("tls", [.. machine, $"{rounds} rounds, both members in one process"], [table], []);
    }

    private static string[] Row(int length, double plain, double secured)
    {
        double megabytes = length * sizeof(float) / 1e6; // that each member sends, and receives
        return
        [
            $"{megabytes:0.##} MB", Distribution.Digits(plain * 1e3), Distribution.Digits(secured * 1e3),
            Distribution.Digits(megabytes / plain), Distribution.Digits(megabytes / secured), Distribution.Digits(secured / plain),
        ];
    }

    private static TransportSecurity Certificates()
    {
        var now = TimeProvider.System.GetUtcNow();
        string folder = Directory.CreateTempSubdirectory().FullName;
        var files = new CertificateFiles(Path.Combine(folder, "node.crt"), Path.Combine(folder, "node.key"), Path.Combine(folder, "ca.crt"));
        using var authority = CertificateAuthority.New("benchmark", now.AddHours(-1), now.AddDays(1));
        var signed = authority.Sign(["node"], now.AddHours(-1), now.AddDays(1));
        File.WriteAllText(files.Authorities, authority.Pem);
        File.WriteAllText(files.Certificate, signed.Pem);
        File.WriteAllText(files.Key, signed.KeyPem);
        return TransportSecurity.Open(files, TimeProvider.System)!;
    }

    private sealed class Pair : IDisposable
    {
        private static readonly GangPlan Plan = GangPlan.Even(2, 2, VectorLayout.Plain(Lengths));

        private readonly GangListener[] listeners;
        private readonly VectorMemory[] memories;
        private readonly IGang[] gangs;
        private long position;

        public Pair(TransportSecurity? security)
        {
            listeners = [.. Enumerable.Range(0, 2).Select(_ => new GangListener(IPAddress.Loopback, options: new GangListenerOptions { Security = security }))];
            memories = [.. Enumerable.Range(0, 2).Select(_ => new VectorMemory(Plan.Layout.Capacity, 2))];
            var options = new GangOptions { Transport = Transport.Tcp, Security = security };
            gangs = [.. OnBoth(member => WiredGang.Join(Invitation(member), memories[member], listeners[member], options))];
        }

        /// <summary>Seconds of one sum.</summary>
        public double Sum(int length)
        {
            position++;
            int phase = Array.IndexOf(Lengths, length);
            return OnBoth(member =>
            {
                var vectors = new ShardAccumulator(Plan, member, memories[member]);
                vectors.Begin(phase);
                vectors.Vector[..length].Fill(member + 1);
                vectors.Commit(member);
                long start = Stopwatch.GetTimestamp();
                gangs[member].AllReduce(vectors, position);
                return Stopwatch.GetElapsedTime(start).TotalSeconds;
            }).Max();
        }

        public void Dispose()
        {
            Array.ForEach(gangs, gang => gang.Dispose());
            Array.ForEach(listeners, listener => listener.Dispose());
            Array.ForEach(memories, memory => memory.Dispose());
        }

        private GangInvitation Invitation(int member) => new()
        {
            Trial = "benchmark/1",
            Epoch = 1,
            Member = member,
            EndPoints = [.. listeners.Select(listener => listener.EndPoint)],
            Secret = new byte[32],
            Plan = Plan,
        };

        private static T[] OnBoth<T>(Func<int, T> work)
        {
            var results = new T[2];
            Thread[] threads = [.. Enumerable.Range(0, 2).Select(member => new Thread(() => results[member] = work(member)))];
            Array.ForEach(threads, thread => thread.Start());
            Array.ForEach(threads, thread => thread.Join());
            return results;
        }
    }
}
