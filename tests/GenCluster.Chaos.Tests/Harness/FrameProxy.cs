using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace GenCluster.Chaos.Tests.Harness;

/// <summary>
/// Stands at 127.0.0.1 between a coordinator at 127.0.0.2, of the same port, and its workers, and does what no TCP connection does: says
/// messages a second time, swaps neighbours, and says old ones again. What makes and ends an association of Akka passes as it is.
/// </summary>
internal sealed class FrameProxy : IAsyncDisposable
{
    private const int Remembered = 500, MostBytes = 16 << 20;
    private const byte Payload = 0x0A; // field 1 of Akka.Remote's AkkaProtocolMessage; anything else is an instruction
    private const double Often = 0.05;

    private readonly TcpListener listener;
    private readonly CancellationTokenSource end = new();
    private readonly Random dice;
    private readonly Lock gate = new(); // of the dice and the numbers
    private readonly Task accepting;

    public FrameProxy(int port, Random dice)
    {
        this.dice = dice;
        listener = new TcpListener(IPAddress.Loopback, port);
        listener.Start();
        accepting = AcceptAsync(port);
    }

    /// <summary>How the coordinator binds, for the proxy to have its public address.</summary>
    public static string[] Behind => ["--bind", "127.0.0.2", "--public-host", "127.0.0.1"];

    public int Passed { get; private set; }

    public int Doubled { get; private set; }

    public int Swapped { get; private set; }

    public int Replayed { get; private set; }

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        listener.Dispose();
        await accepting;
        end.Dispose();
    }

    private async Task AcceptAsync(int port)
    {
        var connections = new List<Task>();
        try
        {
            while (true)
            {
                var worker = await listener.AcceptSocketAsync(end.Token);
                connections.Add(JoinAsync(worker, port));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task JoinAsync(Socket socket, int port)
    {
        using var worker = new NetworkStream(socket, ownsSocket: true);
        using var client = new TcpClient(AddressFamily.InterNetwork);
        try
        {
            await client.ConnectAsync(IPAddress.Parse("127.0.0.2"), port, end.Token);
            socket.NoDelay = client.NoDelay = true;
            var coordinator = client.GetStream();
            await await Task.WhenAny(PassAsync(worker, coordinator), PassAsync(coordinator, worker));
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
        {
            // One side is gone; closing both tells the other.
        }
    }

    private async Task PassAsync(Stream from, Stream to)
    {
        var old = new List<byte[]>();
        byte[]? held = null;
        while (true)
        {
            byte[] frame = await ReadAsync(from);
            if (frame[sizeof(int)] != Payload)
            {
                await to.WriteAsync(frame, end.Token);
                continue;
            }

            if (held is null && Falls(Often, () => Swapped++))
            {
                held = frame; // behind the next one
                continue;
            }

            await to.WriteAsync(frame, end.Token);
            if (held is not null)
                await to.WriteAsync(held, end.Token);
            if (Falls(Often, () => Doubled++))
                await to.WriteAsync(frame, end.Token);
            if (old.Count > 0 && Falls(Often, () => Replayed++))
                await to.WriteAsync(old[Next(old.Count)], end.Token);
            held = null;
            lock (gate)
                Passed++;
            if (old.Count < Remembered)
                old.Add(frame);
            else
                old[Next(Remembered)] = frame;
        }
    }

    /// <summary>A frame with its length before it, as Akka.Remote sends it: four bytes, the lowest first.</summary>
    private async Task<byte[]> ReadAsync(Stream from)
    {
        byte[] head = new byte[sizeof(int)];
        await from.ReadExactlyAsync(head, end.Token);
        int length = BinaryPrimitives.ReadInt32LittleEndian(head);
        if (length is <= 0 or > MostBytes)
            throw new IOException($"a frame of {length} bytes");
        byte[] frame = new byte[sizeof(int) + length];
        head.CopyTo(frame, 0);
        await from.ReadExactlyAsync(frame.AsMemory(sizeof(int)), end.Token);
        return frame;
    }

    private int Next(int below)
    {
        lock (gate)
            return dice.Next(below);
    }

    private bool Falls(double probability, Action count)
    {
        lock (gate)
        {
            bool falls = dice.NextDouble() < probability;
            if (falls)
                count();
            return falls;
        }
    }
}
