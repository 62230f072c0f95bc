using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using GenCluster.Benchmarks.CommandLine;
using GenCluster.Benchmarks.Crews;
using GenCluster.Benchmarks.Measuring;
using GenCluster.Benchmarks.Systems;

namespace GenCluster.Benchmarks.Idle;

/// <summary>What a coordinator costs that has nothing to do: <c>gencluster serve</c> with its API and its metrics, and a hundred workers attached.</summary>
internal sealed partial class IdleBenchmark(int windows, TextWriter progress)
{
    private const int Workers = 100;
    private const double MostBytes = 150e6, MostOfACore = 0.01;
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10), Settling = TimeSpan.FromSeconds(20), Patience = TimeSpan.FromMinutes(1);

    public async Task<Report> RunAsync(IReadOnlyList<string> machine, CancellationToken cancellation)
    {
        string folder = Directory.CreateTempSubdirectory("idle-").FullName;
        int port = LoopbackPort.Free(), metrics = LoopbackPort.Free();
        using var coordinator = Start(new ProcessStartInfo(Program(), [
            "serve", "--port", $"{port}", "--journal", Path.Combine(folder, "journal.db"), "--http-port", $"{LoopbackPort.Free()}", "--metrics-port", $"{metrics}",
            "--log", Path.Combine(folder, "log")]));
        using var workers = Start(OwnProcess.Command([MemberCommand.Name, IdleWorkers.Role, $"akka.tcp://gencluster@127.0.0.1:{port}", $"{Workers}"]));
        try
        {
            await AttachedAsync(metrics, cancellation);
            progress.WriteLine($"{Workers} workers are attached");
            await Task.Delay(Settling, cancellation);
            List<double> shares = [];
            for (int i = 0; i < windows; i++)
                shares.Add(await ShareAsync(coordinator, cancellation));
            coordinator.Refresh();
            return ReportOf(machine, [.. shares], coordinator.WorkingSet64);
        }
        finally
        {
            workers.Kill();
            coordinator.Kill();
            await coordinator.WaitForExitAsync(CancellationToken.None);
            Directory.Delete(folder, recursive: true);
        }
    }

    private Report ReportOf(IReadOnlyList<string> machine, double[] shares, double bytes)
    {
        var of = Distribution.Of(shares.Select(s => s * 100));
        var table = new Table("A coordinator's process while nothing happens.", "", "median (p10-p90)");
        table.Add("of a core, %", $"{of}");
        table.Add("resident memory, MB", Distribution.Digits(bytes / 1e6));
        return new Report(
            "idle",
            [.. machine, $"gencluster serve with its API and its metrics, {Workers} workers attached, {windows} windows of {Window.TotalSeconds:0} s"],
            [table],
            [
                new Figure.AtMost("idle/memory/of-150MB", bytes / MostBytes, 1),
                new Figure.AtMost("idle/cpu/of-1-percent", of.Median / 100 / MostOfACore, 1),
            ]);
    }

    private static async Task<double> ShareAsync(Process process, CancellationToken cancellation)
    {
        process.Refresh();
        var (before, clock) = (process.TotalProcessorTime, Stopwatch.StartNew());
        await Task.Delay(Window, cancellation);
        process.Refresh();
        return (process.TotalProcessorTime - before) / clock.Elapsed;
    }

    private static async Task AttachedAsync(int port, CancellationToken cancellation)
    {
        using var http = new HttpClient();
        for (var clock = Stopwatch.StartNew(); ; await Task.Delay(200, cancellation))
        {
            try
            {
                string text = await http.GetStringAsync($"http://127.0.0.1:{port}/metrics", cancellation);
                if (WorkersLine().Matches(text).Sum(m => double.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture)) >= Workers)
                    return;
            }
            catch (HttpRequestException)
            {
                // It is not there yet.
            }

            if (clock.Elapsed > Patience)
                throw new BenchmarkException($"{Workers} workers were not attached within {Patience.TotalSeconds:0} s");
        }
    }

    private static Process Start(ProcessStartInfo command)
    {
        (command.RedirectStandardOutput, command.RedirectStandardError) = (true, true);
        var process = Process.Start(command)!;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    /// <summary>The command, as it is built beside this program.</summary>
    private static string Program()
    {
        string here = AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar);
        string path = Path.GetFullPath(Path.Combine(here, "..", "..", "GenCluster.Cli", Path.GetFileName(here), "gencluster"));
        return File.Exists(path) ? path : throw new BenchmarkException($"there is no {path}; build GenCluster.Cli");
    }

    [GeneratedRegex(@"^gencluster_workers\{[^}]*\} (\d+)", RegexOptions.Multiline)]
    private static partial Regex WorkersLine();
}
