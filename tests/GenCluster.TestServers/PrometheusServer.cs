using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace GenCluster.TestServers;

/// <summary>A process that a <see cref="PrometheusServer"/> scrapes.</summary>
/// <param name="Job">What Prometheus calls its kind: <c>coordinator</c> or <c>worker</c>.</param>
/// <param name="Address">Host and port: <c>127.0.0.1:9464</c>.</param>
public sealed record ScrapeTarget(string Job, string Address)
{
    /// <summary>What the scrape adds to its series, as Kubernetes monitors add <c>namespace</c> and <c>pod</c>.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();
}

/// <summary>A sample of a query's answer.</summary>
public sealed record QueriedSample(IReadOnlyDictionary<string, string> Labels, double Value);

/// <summary>
/// A Prometheus of its own for some tests: real, on a free port of loopback, with its files in a temporary folder. It scrapes
/// often, and answers PromQL. With rule files it evaluates them, too.
/// </summary>
/// <remarks>Skips the test where Prometheus is not installed; continuous integration must have it.</remarks>
public sealed class PrometheusServer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60), Pause = TimeSpan.FromMilliseconds(200);

    private readonly string folder = Directory.CreateTempSubdirectory("gencluster-prometheus-").FullName;
    private readonly StringBuilder said = new();
    private readonly HttpClient http;
    private readonly Process process;

    private PrometheusServer(IEnumerable<ScrapeTarget> targets, IEnumerable<string> rules, TimeSpan interval)
    {
        string configuration = Path.Combine(folder, "prometheus.yml");
        File.WriteAllText(configuration, Configuration(targets, rules, interval));
        int port = FindPort();
        http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        process = Process.Start(new ProcessStartInfo(Find("prometheus"))
        {
            ArgumentList =
            {
                $"--config.file={configuration}", $"--storage.tsdb.path={Path.Combine(folder, "data")}", $"--web.listen-address=127.0.0.1:{port}", "--log.level=warn",
            },
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        process.StandardInput.Close();
        process.OutputDataReceived += (_, line) => Log(line.Data);
        process.ErrorDataReceived += (_, line) => Log(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Starts one; it is ready when the task ends.</summary>
    /// <param name="rules">Files with rules to evaluate.</param>
    /// <param name="interval">Between two scrapes, and two looks at the rules.</param>
    public static async Task<PrometheusServer> StartAsync(
        IEnumerable<ScrapeTarget> targets, IEnumerable<string>? rules = null, TimeSpan? interval = null, CancellationToken cancellation = default)
    {
        var server = new PrometheusServer(targets, rules ?? [], interval ?? TimeSpan.FromSeconds(0.5));
        try
        {
            await server.UntilAsync(server.IsReadyAsync, "Prometheus is not ready", cancellation);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>A program of Prometheus's package.</summary>
    public static string Find(string program)
    {
        string? found = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
        Assert.SkipUnless(found is not null || Environment.GetEnvironmentVariable("CI") == "true", $"{program} is not installed");
        return found ?? throw new FileNotFoundException($"install the package prometheus: there is no {program} in the PATH");
    }

    /// <summary>What a query answers now: an instant vector, or a scalar as one sample.</summary>
    /// <exception cref="InvalidOperationException">Prometheus refuses it; the message has the query and its reason.</exception>
    public async Task<IReadOnlyList<QueriedSample>> QueryAsync(string query, CancellationToken cancellation = default)
    {
        using var answer = await http.PostAsync("/api/v1/query", new FormUrlEncodedContent([new("query", query)]), cancellation);
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(cancellation));
        if (json.RootElement.GetProperty("status").GetString() != "success")
            throw new InvalidOperationException($"{query}: {json.RootElement.GetProperty("error").GetString()}");
        var data = json.RootElement.GetProperty("data");
        var result = data.GetProperty("result");
        return data.GetProperty("resultType").GetString() switch
        {
            "vector" => [.. result.EnumerateArray().Select(sample => new QueriedSample(LabelsOf(sample.GetProperty("metric")), NumberOf(sample.GetProperty("value"))))],
            "scalar" => [new QueriedSample(new Dictionary<string, string>(), NumberOf(result))],
            var other => throw new InvalidOperationException($"{query}: answers a {other}, not an instant vector"),
        };
    }

    /// <summary>What a query answered at each moment of a span, as a panel asks.</summary>
    /// <param name="from">Seconds since 1970, as <c>time()</c> answers.</param>
    /// <returns>All samples of all series that are numbers.</returns>
    /// <exception cref="InvalidOperationException">Prometheus refuses it; the message has the query and its reason.</exception>
    public async Task<IReadOnlyList<QueriedSample>> QueryRangeAsync(string query, double from, double to, TimeSpan step, CancellationToken cancellation = default)
    {
        var form = new Dictionary<string, string> { ["query"] = query, ["start"] = Text(from), ["end"] = Text(to), ["step"] = Text(step.TotalSeconds) };
        using var answer = await http.PostAsync("/api/v1/query_range", new FormUrlEncodedContent(form), cancellation);
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(cancellation));
        if (json.RootElement.GetProperty("status").GetString() != "success")
            throw new InvalidOperationException($"{query}: {json.RootElement.GetProperty("error").GetString()}");
        return
        [
            .. from series in json.RootElement.GetProperty("data").GetProperty("result").EnumerateArray()
               let labels = LabelsOf(series.GetProperty("metric"))
               from value in series.GetProperty("values").EnumerateArray()
               let number = NumberOf(value)
               where !double.IsNaN(number)
               select new QueriedSample(labels, number),
        ];
    }

    /// <summary>Asks again and again until the answer is as it should be.</summary>
    /// <param name="isRight">Null: it has any sample.</param>
    /// <returns>That answer.</returns>
    public async Task<IReadOnlyList<QueriedSample>> EventuallyAsync(
        string query, Func<IReadOnlyList<QueriedSample>, bool>? isRight = null, CancellationToken cancellation = default)
    {
        IReadOnlyList<QueriedSample> last = [];
        await UntilAsync(
            async () =>
            {
                last = await QueryAsync(query, cancellation);
                return isRight?.Invoke(last) ?? last.Count > 0;
            },
            $"{query} does not answer what it should",
            cancellation);
        return last;
    }

    /// <summary>The rules that it evaluates, as its API tells of them.</summary>
    public async Task<JsonDocument> RulesAsync(CancellationToken cancellation = default) => JsonDocument.Parse(await http.GetStringAsync("/api/v1/rules", cancellation));

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private async Task<bool> IsReadyAsync()
    {
        try
        {
            using var answer = await http.GetAsync("/-/ready");
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private async Task UntilAsync(Func<Task<bool>> isSo, string otherwise, CancellationToken cancellation)
    {
        long begun = TimeProvider.System.GetTimestamp();
        while (!await isSo())
        {
            if (process.HasExited || TimeProvider.System.GetElapsedTime(begun) > Patience)
                throw new TimeoutException($"{otherwise}; it said: {Said()}");
            await Task.Delay(Pause, cancellation);
        }
    }

    private string Said()
    {
        lock (said)
            return said.ToString();
    }

    private void Log(string? line)
    {
        lock (said)
            said.AppendLine(line);
    }

    private static string Configuration(IEnumerable<ScrapeTarget> targets, IEnumerable<string> rules, TimeSpan interval)
    {
        string every = string.Create(CultureInfo.InvariantCulture, $"{interval.TotalMilliseconds:0}ms");
        var text = new StringBuilder($"global: {{scrape_interval: {every}, scrape_timeout: {every}, evaluation_interval: {every}}}\n");
        text.Append($"rule_files: [{string.Join(", ", rules.Select(rule => $"'{Path.GetFullPath(rule)}'"))}]\nscrape_configs:\n");
        foreach (var job in targets.GroupBy(target => target.Job))
            text.Append($"- {{job_name: {job.Key}, static_configs: [{string.Join(", ", job.Select(ConfigurationOf))}]}}\n");
        return text.ToString();
    }

    private static string ConfigurationOf(ScrapeTarget target) =>
        $"{{targets: ['{target.Address}'], labels: {{{string.Join(", ", target.Labels.Select(label => $"{label.Key}: '{label.Value}'"))}}}}}";

    private static string Text(double number) => number.ToString("0.###", CultureInfo.InvariantCulture);

    private static Dictionary<string, string> LabelsOf(JsonElement metric) =>
        metric.EnumerateObject().ToDictionary(label => label.Name, label => label.Value.GetString()!, StringComparer.Ordinal);

    private static double NumberOf(JsonElement value) => value[1].GetString() switch
    {
        "+Inf" => double.PositiveInfinity,
        "-Inf" => double.NegativeInfinity,
        var text => double.Parse(text!, CultureInfo.InvariantCulture),
    };

    private static int FindPort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
