using System.Net.Sockets;

namespace GenCluster.Benchmarks.Crews;

/// <summary>A member's end of the connection to the benchmark: see <see cref="Crew"/> for what is said.</summary>
internal sealed class CrewLine : IDisposable
{
    private readonly Socket socket;
    private readonly StreamReader reader;
    private readonly StreamWriter writer;

    public CrewLine(string path, int member)
    {
        Member = member;
        socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(path));
        var stream = new NetworkStream(socket);
        (reader, writer) = (new StreamReader(stream), new StreamWriter(stream) { AutoFlush = true });
    }

    public int Member { get; }

    /// <summary>Says hello and hears the cards of all members, in their order.</summary>
    public string[] Meet(string card)
    {
        writer.WriteLine($"hello\t{Member}\t{card}");
        return reader.ReadLine()?.Split('\t')[1..] ?? throw new BenchmarkException("the benchmark is gone");
    }

    /// <summary>Answers requests until the benchmark ends the connection.</summary>
    public void Serve(Func<string[], string> answer)
    {
        writer.WriteLine("ready");
        while (reader.ReadLine() is { } request)
            writer.WriteLine($"done\t{answer(request.Split('\t'))}");
    }

    /// <summary>Tells why there will be no answer.</summary>
    public void Fail(Exception why) => writer.WriteLine($"failed\t{why.ToString().ReplaceLineEndings(" | ")}");

    public void Dispose() => socket.Dispose();
}
