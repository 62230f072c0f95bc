using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;

namespace GenCluster.Chaos.Tests.Harness;

/// <summary>How a connection ended.</summary>
/// <param name="Answer">All that the other side had said, a letter for each byte.</param>
/// <param name="After">Its age.</param>
internal sealed record Ended(string Answer, TimeSpan After)
{
    /// <summary>Of an answer in HTTP; 0: there is none.</summary>
    public int Status => Answer.StartsWith("HTTP/1.1 ", StringComparison.Ordinal) ? int.Parse(Answer.AsSpan(9, 3), CultureInfo.InvariantCulture) : 0;
}

/// <summary>A connection of somebody who need not keep to any protocol. It is watched until the other side ends it.</summary>
internal sealed class Wire : IDisposable
{
    private readonly Stopwatch clock = Stopwatch.StartNew();
    private readonly Stream stream;

    private Wire(Stream stream)
    {
        this.stream = stream;
        End = WatchAsync();
    }

    public Task<Ended> End { get; }

    /// <param name="from">The last number of our own address: the server takes 127.0.0.2 and 127.0.0.3 for two clients.</param>
    public static async Task<Wire> ConnectAsync(int port, int from = 1)
    {
        try
        {
            return new Wire(await OpenAsync(port, from));
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionReset)
        {
            return new Wire(Stream.Null); // it was accepted and ended before we knew; a port that nobody listens on is refused instead
        }
    }

    /// <summary>Under TLS, as far as the other side lets us.</summary>
    public static async Task<Ended> SpeakTlsAsync(int port, SslClientAuthenticationOptions options, string words)
    {
        await using var tls = new SslStream(await OpenAsync(port, from: 1));
        try
        {
            await tls.AuthenticateAsClientAsync(options);
        }
        catch (Exception e) when (e is AuthenticationException or IOException)
        {
            return new Ended("", TimeSpan.Zero);
        }

        using var wire = new Wire(tls);
        await wire.SayAsync(words);
        return await wire.EndAsync();
    }

    /// <summary>Says one thing, and hears what becomes of it.</summary>
    public static async Task<Ended> SpeakAsync(int port, string words, int from = 1)
    {
        using var wire = await ConnectAsync(port, from);
        await wire.SayAsync(words);
        return await wire.EndAsync();
    }

    public static async Task<NetworkStream> OpenAsync(int port, int from)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Parse($"127.0.0.{from}"), 0));
            await socket.ConnectAsync(IPAddress.Loopback, port);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public async Task SayAsync(string words)
    {
        try
        {
            await stream.WriteAsync(Encoding.Latin1.GetBytes(words));
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // It was ended while we spoke, as its end tells.
        }
    }

    public void Dispose() => stream.Dispose();

    private Task<Ended> EndAsync() => End.WaitAsync(Eventually.Patience);

    private async Task<Ended> WatchAsync()
    {
        byte[] bytes = new byte[512];
        var answer = new StringBuilder();
        try
        {
            while (await stream.ReadAsync(bytes) is > 0 and var count)
                answer.Append(Encoding.Latin1.GetString(bytes, 0, count));
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // An end like any other.
        }

        return new Ended(answer.ToString(), clock.Elapsed);
    }
}
