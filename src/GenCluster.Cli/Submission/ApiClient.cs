using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using GenCluster.Cli.CommandLine;
using GenCluster.Core.Sweeps;
using GenCluster.Server.Api;

namespace GenCluster.Cli.Submission;

/// <summary>
/// Talks to the API of a coordinator. Whatever is asked may be asked again, so it is, until there is an answer or
/// patience is over: a coordinator that moves, or a database that restarts, is no reason to fail.
/// </summary>
internal sealed class ApiClient : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan OneRequest = TimeSpan.FromSeconds(30);

    private readonly Uri server;
    private readonly string? tokenFile;
    private readonly CliPorts ports;
    private readonly HttpClient http;

    /// <param name="reason">Why, for the server's record; null: not said.</param>
    public ApiClient(ServerAddress address, CliPorts ports, string? reason = null)
    {
        (server, tokenFile) = address;
        this.ports = ports;
        http = new HttpClient(ports.Http()) { BaseAddress = server, Timeout = OneRequest };
        if (ports.Environment().GetValueOrDefault("USER") is { Length: > 0 } user)
            http.DefaultRequestHeaders.TryAddWithoutValidation("GenCluster-User", user);
        if (reason is not null)
            http.DefaultRequestHeaders.TryAddWithoutValidation("GenCluster-Reason", reason);
        if (tokenFile is not null && server is { Scheme: "http", IsLoopback: false })
            ports.Error.WriteLine($"the token goes to {server.GetLeftPart(UriPartial.Authority)} unencrypted; use https://, unless the network itself encrypts");
    }

    /// <summary>What is there.</summary>
    /// <exception cref="CliException">There is nothing, or no answer; the message says why.</exception>
    public async Task<T> GetAsync<T>(string path, CancellationToken cancellation)
        where T : class =>
        await FindAsync<T>(path, cancellation) is var (found, problem) && found is not null
            ? found
            : throw new CliException(ExitCode.Failed, problem!.Detail);

    /// <summary>What is there; or null, and why not.</summary>
    public async Task<(T? Found, ApiProblem? Missing)> FindAsync<T>(string path, CancellationToken cancellation)
        where T : class
    {
        using var answer = await SendAsync(() => new HttpRequestMessage(HttpMethod.Get, path), cancellation);
        if (answer.StatusCode is HttpStatusCode.NotFound)
            return (null, await ProblemOfAsync(answer, cancellation));
        if (answer.Headers.Age is { } age)
            ports.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"the server's database does not answer; this is what it said {age.TotalSeconds:0} s ago"));
        return answer.IsSuccessStatusCode
            ? (await ReadAsync<T>(answer, cancellation), null)
            : throw new CliException(ExitCode.Failed, (await ProblemOfAsync(answer, cancellation)).Detail);
    }

    /// <summary>Submits a sweep file.</summary>
    /// <exception cref="CliException">It was refused, or there is no answer; the message says why.</exception>
    public Task<SubmittedSweep> SubmitAsync(byte[] yaml, CancellationToken cancellation) =>
        DoAsync<SubmittedSweep>(() => new HttpRequestMessage(HttpMethod.Post, "/api/v1/sweeps") { Content = Yaml(yaml) }, cancellation);

    /// <summary>Changes a sweep.</summary>
    /// <param name="version">Of the specification that is changed.</param>
    /// <exception cref="CliException">It was refused, or there is no answer; the message says why.</exception>
    public Task<Edited> EditAsync(string sweep, byte[] yaml, long version, CancellationToken cancellation) => DoAsync<Edited>(
        () =>
        {
            var request = new HttpRequestMessage(HttpMethod.Put, PathOf(sweep)) { Content = Yaml(yaml) };
            request.Headers.IfMatch.Add(new EntityTagHeaderValue(string.Create(CultureInfo.InvariantCulture, $"\"{version}\"")));
            return request;
        },
        cancellation);

    /// <summary>Does something to a sweep, or to one of its trials.</summary>
    /// <exception cref="CliException">It was refused, or there is no answer; the message says why.</exception>
    public Task<Controlled> ControlAsync(string sweep, int? trial, Verb verb, CancellationToken cancellation) =>
        DoAsync<Controlled>(() => new HttpRequestMessage(HttpMethod.Post, $"{PathOf(sweep, trial)}/{verb.ToString().ToLowerInvariant()}"), cancellation);

    /// <summary>Opens what happens to a sweep, after what has been seen. The caller disposes the answer.</summary>
    /// <param name="last">The id that was seen last; null: from the beginning.</param>
    /// <returns>Null when there is nothing more to come.</returns>
    public async Task<HttpResponseMessage?> FollowAsync(string sweep, string? last, CancellationToken cancellation)
    {
        var answer = await SendAsync(
            () =>
            {
                var request = new HttpRequestMessage(HttpMethod.Get, PathOf(sweep) + "/events");
                if (last is not null)
                    request.Headers.Add("Last-Event-ID", last);
                return request;
            },
            cancellation,
            HttpCompletionOption.ResponseHeadersRead);
        if (answer.StatusCode is HttpStatusCode.OK)
            return answer;
        using (answer)
            return answer.StatusCode is HttpStatusCode.NoContent ? null : throw new CliException(ExitCode.Failed, (await ProblemOfAsync(answer, cancellation)).Detail);
    }

    /// <summary>Where a sweep is, or one of its trials.</summary>
    public static string PathOf(string sweep, int? trial = null) =>
        $"/api/v1/sweeps/{Uri.EscapeDataString(sweep)}" + (trial is { } number ? string.Create(CultureInfo.InvariantCulture, $"/trials/{number}") : "");

    public void Dispose() => http.Dispose();

    private static ByteArrayContent Yaml(byte[] yaml)
    {
        var content = new ByteArrayContent(yaml);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/yaml");
        return content;
    }

    private async Task<T> DoAsync<T>(Func<HttpRequestMessage> request, CancellationToken cancellation)
    {
        using var answer = await SendAsync(request, cancellation);
        if (answer.IsSuccessStatusCode)
            return await ReadAsync<T>(answer, cancellation);
        bool wrong = answer.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.Conflict or HttpStatusCode.PreconditionFailed or HttpStatusCode.UnprocessableEntity;
        var problem = await ProblemOfAsync(answer, cancellation);
        throw new CliException(wrong ? ExitCode.WrongInput : ExitCode.Failed, problem.Detail, problem.Code);
    }

    private async Task<HttpResponseMessage> SendAsync(
        Func<HttpRequestMessage> request, CancellationToken cancellation, HttpCompletionOption until = HttpCompletionOption.ResponseContentRead)
    {
        long began = ports.Time.GetTimestamp();
        bool told = false;
        while (true)
        {
            var (answer, fault, pause) = await TryAsync(request(), until, cancellation);
            if (answer is not null)
                return answer;
            if (ports.Time.GetElapsedTime(began) + pause > Patience)
                throw new CliException(ExitCode.NoAnswer, $"{server.GetLeftPart(UriPartial.Authority)}: {fault}; asked for {Patience.TotalSeconds:0} s");
            if (!told)
                ports.Error.WriteLine($"{server.GetLeftPart(UriPartial.Authority)}: {fault}; asking again");
            told = true;
            await Task.Delay(pause, ports.Time, cancellation);
        }
    }

    private async Task<(HttpResponseMessage? Answer, string Fault, TimeSpan Pause)> TryAsync(
        HttpRequestMessage request, HttpCompletionOption until, CancellationToken cancellation)
    {
        try
        {
            using (request)
            {
                if (tokenFile is not null)
                    request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", TokenFile.Read(tokenFile));
                var answer = await http.SendAsync(request, until, cancellation);
                if (answer.StatusCode is not (HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests))
                    return (answer, "", default);
                using (answer)
                    return (null, (await ProblemOfAsync(answer, cancellation)).Detail, answer.Headers.RetryAfter?.Delta ?? Pause);
            }
        }
        catch (HttpRequestException e)
        {
            return (null, $"no answer ({e.GetBaseException().Message.TrimEnd('.')})", Pause);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return (null, $"no answer within {OneRequest.TotalSeconds:0} s", Pause);
        }
    }

    private async Task<T> ReadAsync<T>(HttpResponseMessage answer, CancellationToken cancellation)
    {
        try
        {
            return await answer.Content.ReadFromJsonAsync<T>(ApiJson.Options, cancellation) ?? throw new JsonException("null");
        }
        catch (JsonException)
        {
            throw new CliException(ExitCode.Failed, $"{server} answers something else than a coordinator of this release; check --server");
        }
    }

    private static async Task<ApiProblem> ProblemOfAsync(HttpResponseMessage answer, CancellationToken cancellation)
    {
        var problem = await ReadProblemAsync(answer, cancellation);
        return answer.StatusCode is HttpStatusCode.Unauthorized
            ? problem with { Detail = $"{problem.Detail}; name a file with your token with --token-file, or in {ServerOptions.TokenVariable}" }
            : problem;
    }

    private static async Task<ApiProblem> ReadProblemAsync(HttpResponseMessage answer, CancellationToken cancellation)
    {
        try
        {
            if (answer.Content.Headers.ContentType?.MediaType == ApiProblem.ContentType
                && await answer.Content.ReadFromJsonAsync<ApiProblem>(ApiJson.Options, cancellation) is { Detail: not null } problem)
            {
                return problem;
            }
        }
        catch (JsonException)
        {
            // Then the status must say it.
        }

        return new ApiProblem("", (int)answer.StatusCode, $"the server answers {(int)answer.StatusCode} {answer.ReasonPhrase}");
    }
}
