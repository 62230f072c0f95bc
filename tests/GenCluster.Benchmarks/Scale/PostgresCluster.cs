using System.Diagnostics;
using GenCluster.Benchmarks.Systems;

namespace GenCluster.Benchmarks.Scale;

/// <summary>A PostgreSQL with its files in a temporary folder, on a free port of loopback, as it is installed: every commit waits for the disk.</summary>
internal sealed class PostgresCluster : IAsyncDisposable
{
    private const string User = "gencluster";

    // Not within this program's temporary folder, into which the server's user cannot look.
    private readonly string folder = Directory.CreateDirectory(Path.Combine("/tmp", $"gencluster-scale-{Path.GetRandomFileName()}")).FullName;
    private readonly string programs = Directory.Exists("/usr/lib/postgresql")
        ? Directory.EnumerateDirectories("/usr/lib/postgresql").Select(version => Path.Combine(version, "bin")).LastOrDefault(bin => File.Exists(Path.Combine(bin, "initdb"))) ?? ""
        : "";

    private readonly int port = LoopbackPort.Free();

    private string Data => Path.Combine(folder, "data");

    /// <summary>For Npgsql.</summary>
    public string ConnectionString => $"Host=127.0.0.1;Port={port};Database=postgres;Username={User}";

    /// <exception cref="BenchmarkException">It is not installed, or does not start.</exception>
    public static async Task<PostgresCluster> StartAsync()
    {
        var cluster = new PostgresCluster();
        if (cluster.programs.Length == 0)
            throw new BenchmarkException("PostgreSQL is not installed in /usr/lib/postgresql: apt-get install -y --no-install-recommends postgresql");
        if (Environment.IsPrivilegedProcess)
            await RunAsync("chown", "postgres", cluster.folder); // the server refuses to be root
        await cluster.RunOwnAsync("initdb", "--pgdata", cluster.Data, "--auth", "trust", "--username", User, "--encoding", "UTF8", "--locale", "C");
        await cluster.RunOwnAsync(
            "pg_ctl", "start", "--pgdata", cluster.Data, "--wait", "--silent", "--log", Path.Combine(cluster.folder, "log"),
            "--options", $"-p {cluster.port} -h 127.0.0.1 -k '{cluster.folder}'");
        return cluster;
    }

    public async ValueTask DisposeAsync()
    {
        await RunOwnAsync("pg_ctl", "stop", "--pgdata", Data, "--wait", "--silent", "--mode", "immediate");
        Directory.Delete(folder, recursive: true);
    }

    private Task RunOwnAsync(string program, params string[] arguments)
    {
        string path = Path.Combine(programs, program);
        return Environment.IsPrivilegedProcess ? RunAsync("runuser", ["-u", "postgres", "--", path, .. arguments]) : RunAsync(path, arguments);
    }

    /// <summary>What it says goes nowhere: a server that was started keeps whatever pipe it is given.</summary>
    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("sh", ["-c", "exec \"$@\" >/dev/null 2>&1 </dev/null", "sh", program, .. arguments]) { WorkingDirectory = "/" })!;
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new BenchmarkException($"{program} {string.Join(' ', arguments)} ended with exit code {process.ExitCode}");
    }
}
