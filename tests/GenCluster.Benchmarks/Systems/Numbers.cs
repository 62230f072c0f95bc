using System.Diagnostics;
using System.Globalization;
using GenCluster.Benchmarks.CommandLine;
using GenCluster.Benchmarks.Crews;

namespace GenCluster.Benchmarks.Systems;

/// <summary>What a process of this program measured, on its standard output: <c>NAME NUMBER NUMBER ...</c> a line.</summary>
internal static class Numbers
{
    private static readonly Lock Speaking = new();

    public static void Say(string name, params double[] numbers)
    {
        lock (Speaking)
            Console.WriteLine($"{name} {string.Join(' ', numbers.Select(n => n.ToString("R", CultureInfo.InvariantCulture)))}");
    }

    /// <summary>Starts this program in a role and hears it to its end.</summary>
    /// <param name="alsoEnds">An exit code beside 0 with which it may end.</param>
    /// <exception cref="BenchmarkException">It ended with another one.</exception>
    public static async Task<(int Code, ILookup<string, double[]> Said)> OfAsync(IEnumerable<string> role, int alsoEnds, CancellationToken cancellation)
    {
        var command = OwnProcess.Command([MemberCommand.Name, .. role]);
        command.RedirectStandardOutput = true;
        using var process = Process.Start(command)!;
        try
        {
            string output = await process.StandardOutput.ReadToEndAsync(cancellation);
            await process.WaitForExitAsync(cancellation);
            if (process.ExitCode != 0 && process.ExitCode != alsoEnds)
                throw new BenchmarkException($"the system ended with exit code {process.ExitCode}: {output}");
            var said = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' '));
            return (process.ExitCode, said.ToLookup(words => words[0], words => Array.ConvertAll(words[1..], Number)));
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
        }
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
