using System.Net;
using System.Net.Sockets;
using System.Text;

namespace GenCluster.Monitoring;

/// <summary>
/// A port of its own for what watches a process: <c>/metrics</c> for Prometheus, and <c>/healthz</c>, which answers as long as
/// the process does. It reads numbers that lie ready, and asks nobody.
/// </summary>
public sealed class MetricsServer : IAsyncDisposable
{
    private const int MaxRequests = 8, Tries = 16;
    private const string TextFormat = "text/plain; version=0.0.4; charset=utf-8";

    private readonly PrometheusRecorder metrics;
    private readonly HttpListener listener;
    private readonly SemaphoreSlim room = new(MaxRequests);
    private readonly CancellationTokenSource stop = new();
    private readonly Task accepting;

    /// <exception cref="CannotServeMetricsException">It cannot listen there.</exception>
    public MetricsServer(MetricsAddress address, PrometheusRecorder metrics)
    {
        this.metrics = metrics;
        (listener, int port) = Listen(address);
        Address = $"http://{(IsAny(address.Bind) ? IPAddress.Loopback : address.Bind)}:{port}";
        accepting = AcceptAsync();
    }

    /// <summary>Where it listens: <c>http://127.0.0.1:9464</c>.</summary>
    public string Address { get; }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Close();
        await accepting;
    }

    private static bool IsAny(IPAddress address) => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);

    /// <summary>The listener takes no port of the system's choice; so one is asked for, and another when somebody was faster.</summary>
    private static (HttpListener, int Port) Listen(MetricsAddress address)
    {
        for (int i = 1; ; i++)
        {
            try
            {
                int port = Probe(address);
                return (Listen(address.Bind, port), port);
            }
            catch (HttpListenerException) when (address.Port == 0 && i < Tries)
            {
                // taken in the moment between
            }
            catch (Exception e) when (e is HttpListenerException or SocketException)
            {
                throw new CannotServeMetricsException($"metrics cannot be served at {address.Bind}:{address.Port}: {e.Message}; choose another --metrics-port", e);
            }
        }
    }

    /// <summary>The port itself, seen to be free; any free one for 0.</summary>
    private static int Probe(MetricsAddress address)
    {
        using var probe = new TcpListener(address.Bind, address.Port);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private static HttpListener Listen(IPAddress bind, int port)
    {
        var listener = new HttpListener { IgnoreWriteExceptions = true };
        string host = IsAny(bind) ? "*" : bind.AddressFamily is AddressFamily.InterNetworkV6 ? $"[{bind}]" : bind.ToString();
        listener.Prefixes.Add($"http://{host}:{port}/");
        try
        {
            listener.Start();
            return listener;
        }
        catch
        {
            listener.Close();
            throw;
        }
    }

    private async Task AcceptAsync()
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await room.WaitAsync(stop.Token);
                _ = AnswerAsync(await listener.GetContextAsync());
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or InvalidOperationException or OperationCanceledException)
            {
                return; // closed
            }
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        try
        {
            var (status, type, body) = await AnswerToAsync(context.Request);
            context.Response.StatusCode = (int)status;
            context.Response.ContentType = type;
            context.Response.Headers["X-Content-Type-Options"] = "nosniff";
            context.Response.ContentLength64 = body.Length;
            await context.Response.OutputStream.WriteAsync(body, stop.Token);
            context.Response.Close();
        }
        catch (Exception e) when (e is HttpListenerException or IOException or SocketException or ObjectDisposedException or InvalidOperationException or OperationCanceledException)
        {
            context.Response.Abort(); // the reader went, or this process goes
        }
        finally
        {
            room.Release();
        }
    }

    private async Task<(HttpStatusCode Status, string Type, ReadOnlyMemory<byte> Body)> AnswerToAsync(HttpListenerRequest request)
    {
        if (request.HttpMethod != "GET")
            return Say(HttpStatusCode.MethodNotAllowed, "use GET\n");
        switch (request.Url?.AbsolutePath)
        {
            case "/metrics":
                var text = new MemoryStream();
                await metrics.WriteAsync(text, stop.Token);
                return (HttpStatusCode.OK, TextFormat, text.ToArray());
            case "/healthz":
                return Say(HttpStatusCode.OK, "ok\n");
            default:
                return Say(HttpStatusCode.NotFound, "there are /metrics and /healthz\n");
        }
    }

    private static (HttpStatusCode Status, string Type, ReadOnlyMemory<byte> Body) Say(HttpStatusCode status, string sentence) =>
        (status, "text/plain; charset=utf-8", Encoding.UTF8.GetBytes(sentence));
}
