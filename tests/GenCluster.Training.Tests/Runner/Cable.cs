using System.Net;
using System.Net.Sockets;

namespace GenCluster.Training.Tests.Runner;

/// <summary>
/// Carries connections to a port, and can be cut: then nothing goes through, not even the end of a connection, as when a switch fails.
/// What was sent meanwhile arrives when it is mended.
/// </summary>
internal sealed class Cable : IDisposable
{
    private readonly TcpListener door = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource gone = new();
    private readonly Lock gate = new();
    private TaskCompletionSource whole = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Cable(int target)
    {
        whole.SetResult();
        door.Start();
        _ = CarryAsync(target);
    }

    public int Port => ((IPEndPoint)door.LocalEndpoint).Port;

    public void Cut()
    {
        lock (gate)
        {
            if (whole.Task.IsCompleted)
                whole = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    public void Mend()
    {
        lock (gate)
            whole.TrySetResult();
    }

    public void Dispose()
    {
        gone.Cancel();
        door.Dispose();
        gone.Dispose();
    }

    private Task Whole
    {
        get
        {
            lock (gate)
                return whole.Task;
        }
    }

    private async Task CarryAsync(int target)
    {
        var cancellation = gone.Token;
        try
        {
            while (true)
                _ = CarryAsync(await door.AcceptSocketAsync(cancellation), target, cancellation);
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The cable is taken away.
        }
    }

    private async Task CarryAsync(Socket near, int target, CancellationToken cancellation)
    {
        using var far = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        near.NoDelay = far.NoDelay = true;
        using (near)
        {
            try
            {
                await Whole.WaitAsync(cancellation);
                await far.ConnectAsync(IPAddress.Loopback, target, cancellation);
                await Task.WhenAll(CarryAsync(near, far, cancellation), CarryAsync(far, near, cancellation));
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException)
            {
                // An end is gone, and so is the connection.
            }
        }
    }

    private async Task CarryAsync(Socket from, Socket to, CancellationToken cancellation)
    {
        byte[] bytes = new byte[1 << 16];
        try
        {
            int count;
            do
            {
                count = await from.ReceiveAsync(bytes, cancellation);
                await Whole.WaitAsync(cancellation);
                for (int sent = 0; sent < count;)
                    sent += await to.SendAsync(bytes.AsMemory(sent, count - sent), cancellation);
            }
            while (count > 0);
            to.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            await Whole.WaitAsync(cancellation);
            to.Dispose(); // the other end hears of it
            throw;
        }
    }
}
