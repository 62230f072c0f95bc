using System.Data.Common;
using System.Globalization;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using GenCluster.Actors.Protocol;
using GenCluster.Cli.CommandLine;
using GenCluster.Cli.Submission;
using GenCluster.Server.Journals;

namespace GenCluster.Cli.Support;

/// <summary>Packs a support bundle. Every text in it has gone through <see cref="Redaction"/>; what cannot be had is said in its place.</summary>
internal sealed class SupportBundle(SupportSettings settings, CliPorts ports)
{
    private const int Events = 1_000;
    private const int LogTail = 256 * 1024;
    private const int LogFiles = 200;
    private const int BreaksDepth = 4; // NAME/trials/0001/breaks
    private static readonly string[] Open = [ServerOption.Variable, "GENCLUSTER_WORKER"]; // worth knowing, and no secrets
    private static readonly string[] ServerPages = ["healthz", "readyz"];

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    private readonly IReadOnlyDictionary<string, string> environment = ports.Environment();

    public async Task<int> WriteAsync(CancellationToken cancellation)
    {
        string path = settings.File ?? $"gencluster-support-{ports.Time.GetUtcNow().ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture)}.zip";
        var redaction = Redaction.For(settings.Database, environment);
        await using (var file = new FileStream(path, FileMode.Create, FileAccess.Write))
        {
            await using var zip = new ZipArchive(file, ZipArchiveMode.Create);
            await foreach (var (name, text) in TextsAsync(cancellation))
            {
                await using var entry = await zip.CreateEntry(name, CompressionLevel.Optimal).OpenAsync(cancellation);
                await entry.WriteAsync(Encoding.UTF8.GetBytes(redaction.Apply(text)), cancellation);
            }
        }

        ports.Out.WriteLine(path);
        ports.Error.WriteLine("look into it before you send it: it names paths, machines and metrics");
        return ExitCode.Done;
    }

    private async IAsyncEnumerable<(string Name, string Text)> TextsAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        yield return ("versions.json", JsonSerializer.Serialize(Versions(), Json));
        yield return ("configuration.json", JsonSerializer.Serialize(Configuration(), Json));
        yield return ("events.jsonl", OfDatabase(LastEvents));
        yield return ("findings.json", OfDatabase(Findings));
        foreach (string log in Logs())
            yield return ("logs/" + Path.GetRelativePath(settings.Runs!, log).Replace(Path.DirectorySeparatorChar, '/'), Tail(log));
        if (settings.Server is { } server)
        {
            using var http = new HttpClient(ports.Http()) { BaseAddress = server, Timeout = TimeSpan.FromSeconds(10) };
            foreach (string page in ServerPages)
                yield return ($"server/{page}.txt", await PageAsync(http, page, cancellation));
        }
    }

    private static object Versions() => new
    {
        gencluster = typeof(SupportBundle).Assembly.GetName().Version!.ToString(3),
        protocol = FromWorker.ProtocolVersion,
        runtime = RuntimeInformation.FrameworkDescription,
        system = RuntimeInformation.OSDescription,
        architecture = $"{RuntimeInformation.ProcessArchitecture}",
        processors = Environment.ProcessorCount,
    };

    private object Configuration() => new
    {
        journal = settings.Database.Name,
        runs = settings.Runs,
        server = settings.Server?.GetLeftPart(UriPartial.Path),
        environment = environment.Where(v => v.Key.StartsWith("GENCLUSTER_", StringComparison.Ordinal)).OrderBy(v => v.Key, StringComparer.Ordinal)
            .ToDictionary(v => v.Key, v => Open.Contains(v.Key) ? v.Value : "(set)"),
    };

    private string LastEvents()
    {
        using var connection = settings.Database.Open();
        var lines = new StringBuilder();
        foreach (var entry in JournalReader.Newest(connection, Events))
        {
            lines.AppendLine(JsonSerializer.Serialize(
                new
                {
                    entry.Ordering,
                    entry.PersistenceId,
                    entry.Sequence,
                    at = DateTimeOffset.FromUnixTimeMilliseconds(entry.CreatedAt),
                    entry.Manifest,
                    @event = EventOf(entry),
                },
                Json));
        }

        return lines.ToString();
    }

    private static object EventOf(JournalEntry entry)
    {
        try
        {
            return entry.Read();
        }
        catch (Exception e)
        {
            return $"cannot be read: {e.Message}";
        }
    }

    private string Findings()
    {
        var seen = new JournalExamination(settings.Database).Run();
        return JsonSerializer.Serialize(new { events = seen.Fold.Count, readModelBehind = seen.Behind, findings = seen.Findings }, Json);
    }

    /// <summary>Those of coordinators and workers, and what gangs that broke were doing; the newest, when there are many.</summary>
    private IEnumerable<string> Logs() => settings.Runs is { } runs && Directory.Exists(runs)
        ? Directory.EnumerateFiles(runs, "*.log", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = BreaksDepth })
            .OrderByDescending(File.GetLastWriteTimeUtc).Take(LogFiles).Order(StringComparer.Ordinal)
        : [];

    private static string Tail(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            file.Seek(-Math.Min(LogTail, file.Length), SeekOrigin.End);
            using var reader = new StreamReader(file);
            return reader.ReadToEnd();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"cannot be read: {e.Message}";
        }
    }

    private static string OfDatabase(Func<string> read)
    {
        try
        {
            return read();
        }
        catch (DbException e)
        {
            return $"cannot be read: {e.Message}";
        }
    }

    private static async Task<string> PageAsync(HttpClient http, string page, CancellationToken cancellation)
    {
        try
        {
            using var answer = await http.GetAsync(page, cancellation);
            return $"{(int)answer.StatusCode}\n{await answer.Content.ReadAsStringAsync(cancellation)}";
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            return $"no answer: {e.Message}";
        }
    }
}
