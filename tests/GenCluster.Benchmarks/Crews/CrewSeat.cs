using System.Globalization;
using System.Net.Sockets;

namespace GenCluster.Benchmarks.Crews;

/// <summary>The benchmark's end of the connection to one member of a crew.</summary>
internal sealed class CrewSeat : IDisposable
{
    private readonly Socket socket;
    private readonly StreamReader reader;
    private readonly StreamWriter writer;

    private CrewSeat(Socket socket)
    {
        this.socket = socket;
        var stream = new NetworkStream(socket);
        (reader, writer) = (new StreamReader(stream), new StreamWriter(stream) { AutoFlush = true });
    }

    public int Member { get; private set; }

    /// <summary>What the member wants the others to know.</summary>
    public string Card { get; private set; } = "";

    public static async Task<CrewSeat> WelcomeAsync(Socket socket, CancellationToken cancellation)
    {
        var seat = new CrewSeat(socket);
        string[] hello = await seat.ExpectAsync("hello", cancellation);
        (seat.Member, seat.Card) = (int.Parse(hello[0], CultureInfo.InvariantCulture), hello[1]);
        return seat;
    }

    public async Task WriteAsync(string line, CancellationToken cancellation) => await writer.WriteLineAsync(line.AsMemory(), cancellation);

    /// <summary>The fields after the word that is expected next.</summary>
    public async Task<string[]> ExpectAsync(string word, CancellationToken cancellation)
    {
        string line = await reader.ReadLineAsync(cancellation) ?? throw new BenchmarkException($"member {Member} left");
        string[] fields = line.Split('\t');
        return fields[0] == word ? fields[1..] : throw new BenchmarkException($"member {Member}: {string.Join(' ', fields)}");
    }

    public void Dispose() => socket.Dispose();
}
