using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using GenCluster.Configuration.Access;
using GenCluster.Server.Access;
using GenCluster.Server.Api;

namespace GenCluster.Server.Tests.Support;

/// <summary>A real coordinator whose API knows its callers, and those callers.</summary>
public abstract class AccessKit : ApiKit
{
    /// <summary>As many of everything as a test asks for: limits have tests of their own.</summary>
    private protected static readonly ApiLimits Generous = new()
    {
        RequestBurst = 1_000_000,
        ChangeBurst = 1_000_000,
        FailureBurst = 1_000_000,
        AtOnce = 10_000,
        AlikeRefusals = int.MaxValue,
        BodyGrace = TimeSpan.FromSeconds(1.5),
        HeadTime = TimeSpan.FromSeconds(1.5),
    };

    private protected const string SweepPath = "/api/v1/sweeps";

    private protected const string Sweep = SweepTexts.Shirts;

    private protected string TokensFile => Path.Combine(Folder, "tokens");

    private protected string LogFile => Path.Combine(Folder, "coordinator.log");

    private protected static string TokenOf(string name) => $"gct_{name}-0123456789abcdefghijklmnopqrstuvwxyz";

    private protected static string LineOf(string name, Role role) => TokenLine.Write(new TokenEntry(name, role, [.. SHA256.HashData(Encoding.UTF8.GetBytes(TokenOf(name)))]));

    /// <summary>Callers <c>eve</c>, <c>ci</c> and <c>ada</c>: a viewer, a submitter, an admin.</summary>
    private protected void WriteTokens(params string[] more) =>
        File.WriteAllLines(TokensFile, ["# who may call", LineOf("eve", Role.Viewer), LineOf("ci", Role.Submitter), LineOf("ada", Role.Admin), .. more]);

    private protected static void Allow(string path, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, mode);
    }

    private protected string WriteRules(string yaml)
    {
        string path = Path.Combine(Folder, "access.yaml");
        File.WriteAllText(path, $"apiVersion: gencluster/v1\nkind: Access\n{yaml}\n");
        return path;
    }

    private protected ApiOptions Options(AccessMode mode, string? rules = null, ApiLimits? limits = null) => new()
    {
        Port = 0,
        Access = new AccessOptions { Mode = mode, TokensFile = mode is AccessMode.Tokens ? TokensFile : null, RulesFile = rules, LookAgain = TimeSpan.Zero },
        Limits = limits ?? Generous,
        Hosts = ["gencluster.example.org"],
    };

    private protected static HttpRequestMessage Ask(string method, string path, string? token = null, string? yaml = null, Action<HttpRequestMessage>? change = null)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (yaml is not null)
            request.Content = new StringContent(yaml, Encoding.UTF8, "application/yaml");
        change?.Invoke(request);
        return request;
    }

    /// <summary>Sends it, and expects this answer and this line of the audit trail.</summary>
    private protected async Task<ApiProblem> RefusedAsync(HttpStatusCode status, HttpRequestMessage request, Predicate<AuditLine>? audit = null)
    {
        long mark = Mark();
        var problem = await ProblemAsync(status, request);
        await AuditedAsync(mark, line => line.Event == "refusal" && line.Status == (int)status && audit?.Invoke(line) is not false);
        return problem;
    }

    private protected async Task<HttpStatusCode> StatusAsync(HttpRequestMessage request)
    {
        using var answer = await Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Patience);
        return answer.StatusCode;
    }

    /// <summary>A place in the log; what is written from now on comes after it.</summary>
    private protected long Mark() => new FileInfo(LogFile).Length;

    /// <summary>The first line of the audit trail after a place that is as it should be, once there is one.</summary>
    private protected async Task<AuditLine> AuditedAsync(long mark, Predicate<AuditLine> isIt)
    {
        while (true)
        {
            if ((await AuditAsync(mark)).FirstOrDefault(line => isIt(line)) is { } found)
                return found;
            await Task.Delay(10, Patience);
        }
    }

    private protected async Task<IReadOnlyList<AuditLine>> AuditAsync(long mark)
    {
        await using var file = new FileStream(LogFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        file.Seek(mark, SeekOrigin.Begin);
        using var reader = new StreamReader(file);
        string[] lines = (await reader.ReadToEndAsync(Patience)).Split('\n')[..^1]; // the last one may be half written
        return
        [
            .. from line in lines
               let at = line.IndexOf(" Audit", StringComparison.Ordinal)
               where at >= 0
               select JsonSerializer.Deserialize<AuditLine>(line[line.IndexOf('{', at)..], JsonSerializerOptions.Web)!,
        ];
    }

    /// <summary>Sends these bytes over a socket of their own and reads until the server closes it.</summary>
    /// <param name="thatIsAll">Says to the server that nothing more comes, so that it does not wait for what is missing.</param>
    /// <returns>The status, 0 where there is none, and all that came.</returns>
    private protected async Task<(int Status, string Text)> RawAsync(string request, bool thatIsAll = false)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, Http.BaseAddress!.Port, Patience);
            await socket.SendAsync(Encoding.Latin1.GetBytes(request), Patience);
            if (thatIsAll)
                socket.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // It did not want to hear all of it; what it says to that may still be there.
        }

        return await ReadAsync(socket);
    }

    private async Task<(int Status, string Text)> ReadAsync(Socket socket)
    {
        var text = new StringBuilder();
        byte[] some = new byte[8192];
        try
        {
            while (await socket.ReceiveAsync(some, Patience) is > 0 and var count)
                text.Append(Encoding.Latin1.GetString(some, 0, count));
        }
        catch (SocketException)
        {
            // Reset, which ends it, too.
        }

        string all = text.ToString();
        return (all.StartsWith("HTTP/1.", StringComparison.Ordinal) && int.TryParse(all.AsSpan(9, 3), out int status) ? status : 0, all);
    }
}
