using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace GenCluster.Training.Tests.Data;

/// <summary>
/// An HTTP server that answers each connection with the next of the given bytes, word for word, and closes it. That
/// lets it break off, lie and fall silent as real ones do.
/// </summary>
internal sealed class ScriptedServer : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly ManualResetEventSlim end = new();
    private readonly Thread thread;

    public ScriptedServer(params Answer[] answers)
    {
        listener.Start();
        Address = new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/fashion-mnist/images.gz");
        thread = new Thread(() => Serve(answers)) { IsBackground = true };
        thread.Start();
    }

    public Uri Address { get; }

    /// <summary>The requests so far, in full.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    public void Dispose()
    {
        end.Set();
        listener.Stop();
        thread.Join();
        end.Dispose();
    }

    public static Answer Text(string status, byte[] body, string headers = "", int? length = null, bool silent = false) => new(
        [.. Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nContent-Length: {length ?? body.Length}\r\nConnection: close\r\n{headers}\r\n"), .. body], silent);

    private void Serve(Answer[] answers)
    {
        try
        {
            foreach (var answer in answers)
            {
                using var client = listener.AcceptTcpClient();
                var stream = client.GetStream();
                var request = new StringBuilder();
                while (!request.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal) && stream.ReadByte() is var value and >= 0)
                    request.Append((char)value);
                Requests.Enqueue(request.ToString());
                stream.Write(answer.Bytes);
                if (answer.Silent)
                    end.Wait();
            }
        }
        catch (Exception e) when (e is SocketException or IOException or InvalidOperationException)
        {
            // The test is over, or the other side has heard enough.
        }
    }
}

/// <param name="Silent">Whether the connection then stays open and nothing comes.</param>
internal sealed record Answer(byte[] Bytes, bool Silent);
