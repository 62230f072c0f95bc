using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using GenCluster.Chaos.Tests.Harness;

namespace GenCluster.Chaos.Tests.Faults;

/// <summary>Clients of the API that take their time, or more than their part.</summary>
internal static class ApiFaults
{
    private const long MostGrowth = 200L << 20;
    private const int Slow = 20, Large = 10;
    private static readonly TimeSpan CutWithin = TimeSpan.FromSeconds(40); // 15 s are promised; the machine may be busy
    private static readonly IPAddress Stranger = IPAddress.Parse("127.0.0.9");

    /// <summary>All slow ones come from one address: others are served as before, and the sweep is none the worse.</summary>
    public static async Task Dawdle(Arena arena)
    {
        var cluster = await SmallCluster.StartAsync(arena, CoordinatorCluster.FreePorts(2));
        await arena.TrainsAsync(cluster.Submission);
        long memory = Footprint.Of(cluster.Node.Id).Memory;

        int count = arena.Dice.Next(200, 400);
        List<Socket> idle = [];
        for (int n = 0; n < count; n++)
            idle.Add(await ConnectAsync(cluster.ApiPort));
        const string head = "POST /api/v1/sweeps HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/yaml\r\n";
        var cut = Enumerable.Range(0, Slow).Select(n => DripAsync(cluster.ApiPort, n % 2 == 0 ? "GET / HTTP/1.1\r\n" : head + "Content-Length: 100000\r\n\r\n"));
        var refused = Enumerable.Range(0, Large).Select(n => AnswerAsync(
            cluster.ApiPort, n % 2 == 0 ? $"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: {new string('x', 100_000)}\r\n\r\n" : head + "Content-Length: 8589934592\r\n\r\n"));
        Task<string>[] strangers = [.. cut, .. refused];
        var latencies = await AskAsync(cluster.ApiPort, until: Task.WhenAll(strangers));

        foreach (var (answer, n) in (await Task.WhenAll(strangers)).Select((answer, n) => (answer, n)))
            answer.ShouldMatch(n < Slow ? "^($|HTTP/1.1 (400|408) )" : n % 2 == 0 ? "^HTTP/1.1 431 " : "^HTTP/1.1 413 ");
        (Footprint.Of(cluster.Node.Id).Memory - memory).ShouldBeLessThan(MostGrowth);
        await cluster.EndsWellAsync();
        idle.ForEach(socket => socket.Dispose());
        arena.Note(string.Create(
            CultureInfo.InvariantCulture,
            $"{count} idle, {Slow} slow, {Large} too large; {latencies.Count} others answered, {latencies[latencies.Count / 2].TotalMilliseconds:0} ms in the median"));
    }

    /// <summary>How long a client of another address waits for answers, in order.</summary>
    private static async Task<List<TimeSpan>> AskAsync(int port, Task until)
    {
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = TimeSpan.FromSeconds(10) };
        var latencies = new List<TimeSpan>();
        do
        {
            var clock = Stopwatch.StartNew();
            using var answer = await client.GetAsync(new Uri("/api/v1/sweeps", UriKind.Relative));
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
            latencies.Add(clock.Elapsed);
            await Task.WhenAny(until, Task.Delay(100));
        }
        while (!until.IsCompleted);
        latencies.Sort();
        return latencies;
    }

    /// <summary>A byte a second after a beginning, until the server has enough.</summary>
    private static async Task<string> DripAsync(int port, string beginning)
    {
        using var socket = await ConnectAsync(port);
        var answer = ReadAsync(socket);
        try
        {
            await socket.SendAsync(Encoding.ASCII.GetBytes(beginning));
            while (!answer.IsCompleted)
            {
                await socket.SendAsync("x"u8.ToArray());
                await Task.WhenAny(answer, Task.Delay(1000));
            }
        }
        catch (SocketException)
        {
            // It was cut.
        }

        return await answer;
    }

    private static async Task<string> AnswerAsync(int port, string request)
    {
        using var socket = await ConnectAsync(port);
        var answer = ReadAsync(socket);
        await socket.SendAsync(Encoding.ASCII.GetBytes(request));
        return await answer;
    }

    /// <summary>The beginning of what comes; nothing when the connection ends without.</summary>
    private static async Task<string> ReadAsync(Socket socket)
    {
        byte[] buffer = new byte[512];
        try
        {
            int read = await socket.ReceiveAsync(buffer.AsMemory()).AsTask().WaitAsync(CutWithin);
            return Encoding.ASCII.GetString(buffer, 0, read);
        }
        catch (SocketException)
        {
            return "";
        }
    }

    private static async Task<Socket> ConnectAsync(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(Stranger, 0));
        await socket.ConnectAsync(IPAddress.Loopback, port);
        return socket;
    }
}
