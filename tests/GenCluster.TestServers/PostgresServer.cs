using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace GenCluster.TestServers;

/// <summary>
/// A PostgreSQL server of its own for some tests: real, on a free port of loopback, with its files in a temporary
/// folder. It trusts everybody who reaches it. As a class or assembly fixture, or started by hand.
/// </summary>
/// <remarks>Skips the test where PostgreSQL is not installed; continuous integration must have it.</remarks>
public sealed class PostgresServer : IAsyncLifetime
{
    private const string User = "gencluster";

    private readonly string folder = Directory.CreateTempSubdirectory("gencluster-postgres-").FullName;
    private readonly string programs = FindPrograms();
    private readonly int port = FindPort();
    private PosixSignalRegistration? endOfTests;
    private int databases;

    private string Data => Path.Combine(folder, "data");

    public async ValueTask InitializeAsync()
    {
        if (Environment.IsPrivilegedProcess)
            await RunAsync("chown", "postgres", folder); // the server refuses to be root
        await RunServerProgramAsync("initdb", "--pgdata", Data, "--auth", "trust", "--username", User, "--encoding", "UTF8", "--locale", "C", "--no-sync");
        endOfTests = PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => Stop("immediate").Wait());
        await StartAgainAsync();
    }

    /// <summary>Starts it where it was stopped, on the same port. What was committed is there.</summary>
    /// <remarks>Without fsync: tests kill the server, never the machine.</remarks>
    public Task StartAgainAsync() => RunServerProgramAsync(
        "pg_ctl", "start", "--pgdata", Data, "--wait", "--silent", "--log", Path.Combine(folder, "log"),
        "--options", $"-p {port} -h 127.0.0.1 -k '{folder}' -c fsync=off -c max_connections=200");

    /// <summary>Stops it as a crash would: every connection breaks, and what was not committed is gone.</summary>
    public Task StopAsync() => Stop("immediate");

    /// <summary>A new and empty database.</summary>
    /// <returns>Its connection string, for Npgsql.</returns>
    public async Task<string> CreateDatabaseAsync()
    {
        string name = $"db{Interlocked.Increment(ref databases)}";
        await QueryAsync("postgres", $"CREATE DATABASE {name}");
        return ConnectionString(name);
    }

    public string ConnectionString(string database) => $"Host=127.0.0.1;Port={port};Database={database};Username={User}";

    /// <summary>What <c>psql</c> answers: a line for each row, its values separated by |.</summary>
    public Task<string> QueryAsync(string database, string sql) => RunAsync(
        Path.Combine(programs, "psql"), "--host", "127.0.0.1", "--port", $"{port}", "--username", User, "--dbname", database,
        "--no-psqlrc", "--tuples-only", "--no-align", "--quiet", "--set", "ON_ERROR_STOP=1", "--command", sql);

    public async ValueTask DisposeAsync()
    {
        endOfTests?.Dispose();
        if (File.Exists(Path.Combine(Data, "postmaster.pid")))
            await StopAsync();
        Directory.Delete(folder, recursive: true);
    }

    private Task Stop(string mode) => RunServerProgramAsync("pg_ctl", "stop", "--pgdata", Data, "--wait", "--silent", "--mode", mode);

    private Task<string> RunServerProgramAsync(string program, params string[] arguments)
    {
        string path = Path.Combine(programs, program);
        return Environment.IsPrivilegedProcess ? RunAsync("runuser", ["-u", "postgres", "--", path, .. arguments]) : RunAsync(path, arguments);
    }

    /// <summary>The output goes through files: a server that was started keeps whatever pipe it is given.</summary>
    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        string output = Path.GetTempFileName();
        try
        {
            string[] line = ["-c", "out=\"$1\"; shift; exec \"$@\" >\"$out\" 2>&1 </dev/null", "sh", output, program, .. arguments];
            using var process = Process.Start(new ProcessStartInfo("sh", line) { WorkingDirectory = "/" })!;
            await process.WaitForExitAsync();
            string said = await File.ReadAllTextAsync(output);
            process.ExitCode.ShouldBe(0, $"{program} {string.Join(' ', arguments)}: {said}");
            return said.Trim();
        }
        finally
        {
            File.Delete(output);
        }
    }

    private static int FindPort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string FindPrograms()
    {
        string? found = Directory.Exists("/usr/lib/postgresql")
            ? Directory.EnumerateDirectories("/usr/lib/postgresql").Select(version => Path.Combine(version, "bin")).LastOrDefault(bin => File.Exists(Path.Combine(bin, "initdb")))
            : null;
        Assert.SkipUnless(found is not null || Environment.GetEnvironmentVariable("CI") == "true", "PostgreSQL is not installed in /usr/lib/postgresql");
        return found ?? throw new FileNotFoundException("install PostgreSQL: there is no /usr/lib/postgresql/*/bin/initdb");
    }
}
