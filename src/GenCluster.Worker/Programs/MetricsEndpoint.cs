using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using GenCluster.Core.Trials;

namespace GenCluster.Worker.Programs;

/// <summary>
/// An address on this machine that a program sends its metrics to: an object of JSON, or one on each line. Whoever does not
/// know the token of this attempt is turned away. The answer comes when the values are reported, and the checkpoint folder is
/// stored as it was: a program that waits for it cannot change the folder meanwhile.
/// </summary>
internal sealed class MetricsEndpoint : IDisposable
{
    public const int MaxBody = 256 * 1024;

    private const int MaxRequests = 16, TokenBytes = 32, Tries = 16;

    private readonly HttpListener listener;
    private readonly SemaphoreSlim room = new(MaxRequests);
    private readonly Func<IReadOnlyList<Metric>, Task> report;
    private readonly byte[] expected;

    /// <param name="report">Takes one object's values; its task ends when they are reported.</param>
    public MetricsEndpoint(Func<IReadOnlyList<Metric>, Task> report)
    {
        this.report = report;
        Token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(TokenBytes));
        expected = Encoding.ASCII.GetBytes("Bearer " + Token);
        (listener, Url) = Listen();
        _ = AcceptAsync();
    }

    /// <summary>For <c>POST</c>.</summary>
    public string Url { get; }

    public string Token { get; }

    public void Dispose() => listener.Close();

    /// <summary>The listener takes no port of the system's choice; so one is asked for, and another when somebody was faster.</summary>
    private static (HttpListener, string) Listen()
    {
        for (int i = 1; ; i++)
        {
            var listener = new HttpListener();
            string url = $"http://127.0.0.1:{FreePort.OnLoopback()}/metrics/";
            listener.Prefixes.Add(url);
            try
            {
                listener.Start();
                return (listener, url);
            }
            catch (HttpListenerException) when (i < Tries)
            {
                listener.Close();
            }
            catch (HttpListenerException failure)
            {
                throw new IOException($"no port of this machine could be had for metrics: {failure.Message}", failure);
            }
        }
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            try
            {
                await room.WaitAsync();
                var context = await listener.GetContextAsync();
                _ = AnswerAsync(context);
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or InvalidOperationException)
            {
                return; // closed
            }
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        try
        {
            var (status, sentence) = await TakeAsync(context.Request);
            context.Response.StatusCode = (int)status;
            context.Response.ContentType = "text/plain; charset=utf-8";
            context.Response.KeepAlive = status is HttpStatusCode.NoContent;
            context.Response.Close(Encoding.UTF8.GetBytes(sentence), willBlock: false);
        }
        catch (Exception e) when (e is HttpListenerException or IOException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
            context.Response.Abort(); // it is the program that went
        }
        finally
        {
            room.Release();
        }
    }

    private async Task<(HttpStatusCode Status, string Sentence)> TakeAsync(HttpListenerRequest request)
    {
        if (!CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(request.Headers["Authorization"] ?? ""), expected))
            return (HttpStatusCode.Unauthorized, "send the header 'Authorization: Bearer TOKEN' with the value of GENCLUSTER_METRICS_TOKEN\n");
        if (request.HttpMethod != "POST")
            return (HttpStatusCode.MethodNotAllowed, "use POST\n");
        if (await BodyAsync(request) is not { } body)
            return (HttpStatusCode.RequestEntityTooLarge, $"send at most {MaxBody} bytes at once\n");

        var objects = body.TrimStart().StartsWith('{') && MetricsLine.ReadObject(body) is { } whole
            ? [whole]
            : body.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(MetricsLine.ReadObject).ToArray();
        if (objects.Length == 0 || Array.IndexOf(objects, null) >= 0)
            return (HttpStatusCode.BadRequest, "send an object of JSON with numbers, such as {\"epoch\": 1, \"loss\": 0.5}, or one on each line\n");
        try
        {
            foreach (var values in objects)
                await report(values!);
            return (HttpStatusCode.NoContent, "");
        }
        catch (OperationCanceledException)
        {
            return (HttpStatusCode.ServiceUnavailable, "the trial is about to end\n");
        }
    }

    /// <returns>Null when it is too long.</returns>
    private static async Task<string?> BodyAsync(HttpListenerRequest request)
    {
        byte[] buffer = new byte[MaxBody + 1];
        int length = await request.InputStream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false);
        return length > MaxBody ? null : Encoding.UTF8.GetString(buffer, 0, length);
    }
}
