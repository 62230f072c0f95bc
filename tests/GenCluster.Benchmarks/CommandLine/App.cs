using System.CommandLine;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using GenCluster.Benchmarks.AllReduce;
using GenCluster.Benchmarks.Encryption;
using GenCluster.Benchmarks.Idle;
using GenCluster.Benchmarks.Measuring;
using GenCluster.Benchmarks.Recovery;
using GenCluster.Benchmarks.Scale;
using GenCluster.Benchmarks.Search;
using GenCluster.Benchmarks.Stopping;
using GenCluster.Benchmarks.Throughput;
using GenCluster.Benchmarks.Training;

namespace GenCluster.Benchmarks.CommandLine;

/// <summary>The commands of this program.</summary>
internal static class App
{
    private const int Missed = 1, CouldNotMeasure = 2;

    public static async Task<int> RunAsync(string[] args)
    {
        try
        {
            var parsed = Root().Parse(args);
            int code = await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
            return parsed.Errors.Count > 0 ? CouldNotMeasure : code;
        }
        catch (BenchmarkException e)
        {
            await Console.Error.WriteLineAsync($"benchmark: {e.Message}");
            return CouldNotMeasure;
        }
        catch (OperationCanceledException)
        {
            return CouldNotMeasure;
        }
    }

    private static RootCommand Root() => new("""
        Measures GenCluster beside its peers on this machine.

        Each benchmark starts all contenders, lets them take turns in rounds, prints its tables, and then one line for each
        figure that has a goal:

          ratio allreduce/2/shm/gloo/4MB 17.9 goal 10.0

        Figures are ratios of things measured side by side, never times. The exit code is 1 when one is missed, 2 when it
        could not be measured. A peer that is not installed is skipped, and the line says how to install it; GENCLUSTER_PYTHON
        names the Python that has PyTorch and mpi4py. Run nothing else meanwhile: the head of each report says how idle the
        machine was.

          dotnet run -c Release --project tests/GenCluster.Benchmarks -- allreduce
          dotnet run -c Release --project tests/GenCluster.Benchmarks -- allreduce --rounds 3 --members 2
          dotnet run -c Release --project tests/GenCluster.Benchmarks -- step --write
          dotnet run -c Release --project tests/GenCluster.Benchmarks -- micro --filter '*Philox*'
        """)
    {
        AllReduce(),
        Benchmark(
            "step",
            "Trains a DCGAN on one thread: GenCluster beside plain TorchSharp and PyTorch. Two minutes.",
            rounds: 6,
            (_, rounds) => (machine, cancellation) => new StepBenchmark(rounds, Console.Error).RunAsync(machine, cancellation)),
        Benchmark(
            "scaling",
            "Trains a DCGAN in one and in two processes: how much of their speed the exchange leaves, beside PyTorch's DDP. Three minutes.",
            rounds: 5,
            (_, rounds) => (machine, cancellation) => new ScalingBenchmark(rounds, Console.Error).RunAsync(machine, cancellation)),
        Benchmark(
            "recovery",
            "Kills members of a gang of 3 with SIGKILL and lets new ones join: how long the others stand still. One minute.",
            rounds: 5,
            (_, rounds) => (machine, cancellation) => new RecoveryBenchmark(rounds, Console.Error).RunAsync(machine, cancellation)),
        Benchmark(
            "asha",
            "Plays sweeps on a table of recorded learning curves: what early-stopping rules find, and at which cost. Ten seconds.",
            rounds: 20,
            (_, rounds) => (_, _) => Task.FromResult(new StoppingBenchmark(rounds).Run())),
        Benchmark(
            "search",
            "Searches functions whose optimum is known, 100 trials each: random, Sobol, TPE and Gaussian process beside Optuna. A round is a seed. Ten minutes.",
            rounds: 20,
            (_, rounds) => (machine, cancellation) => new SearchBenchmark(rounds, Console.Error).RunAsync(machine, cancellation)),
        Throughput(),
        Benchmark(
            "scale",
            "Lets a thousand workers report ten thousand times in a minute to a coordinator on PostgreSQL: decisions, memory, journal. Two minutes.",
            rounds: 1,
            (_, _) => (machine, cancellation) => new ScaleBenchmark(Console.Error).RunAsync(machine, cancellation)),
        Benchmark(
            "idle",
            "Attaches a hundred workers to a coordinator and lets them be: its memory, and its share of a core. Two minutes.",
            rounds: 6,
            (_, rounds) => (machine, cancellation) => new IdleBenchmark(rounds, Console.Error).RunAsync(machine, cancellation)),
        Benchmark(
            "tls",
            "Sums vectors over loopback with and without TLS: what encryption costs. Ten seconds.",
            rounds: 15,
            (_, rounds) => (machine, _) => Task.FromResult(new TlsBenchmark(rounds).Run(machine))),
        Micro(),
    };

    private static Command Throughput()
    {
        var trials = new Option<int>("--trials") { Description = "Trials of the sweep.", DefaultValueFactory = _ => 10_000 };
        return Benchmark(
            "throughput",
            "Plays a sweep of trials that cost nothing through the whole system: trials a second, waiting, memory; and kills it, a round for each kill. Three minutes.",
            rounds: 20,
            (parsed, rounds) => (machine, cancellation) => new ThroughputBenchmark(parsed.GetValue(trials), rounds, Console.Error).RunAsync(machine, cancellation),
            trials);
    }

    private static Command AllReduce()
    {
        var members = new Option<int[]>("--members")
        {
            Description = "Members of the gang; 2, 4 or both.",
            DefaultValueFactory = _ => [2, 4],
            AllowMultipleArgumentsPerToken = true,
        };
        members.AcceptOnlyFromAmong("2", "4");
        return Benchmark(
            "allreduce",
            "Sums 64 KB to 64 MB of float32 over 2 and 4 processes: shared memory, TCP and Unix socket beside Gloo, OpenMPI and the bare loopback. Two minutes.",
            rounds: 5,
            (parsed, rounds) => (machine, cancellation) => new AllReduceBenchmark(rounds, parsed.GetValue(members)!, Console.Error).RunAsync(machine, cancellation),
            members);
    }

    private static Command Benchmark(
        string name, string description, int rounds,
        Func<ParseResult, int, Func<IReadOnlyList<string>, CancellationToken, Task<Report>>> take, params Option[] options)
    {
        var count = new Option<int>("--rounds") { Description = "How often each contender has its turn.", DefaultValueFactory = _ => rounds };
        count.Validators.Add(given =>
        {
            if (given.GetValueOrDefault<int>() < 1)
                given.AddError("--rounds must be at least 1; 3 and more give medians that mean something");
        });
        var write = new Option<bool>("--write") { Description = "Put the result in its place in docs/benchmarks.md." };
        var command = new Command(name, description) { count, write };
        foreach (var option in options)
            command.Add(option);
        command.SetAction(async (parsed, cancellation) =>
        {
            using var folder = new TemporaryFolder();
            var report = await take(parsed, parsed.GetValue(count))(await Machine.DescribeAsync(TimeProvider.System, cancellation), cancellation);
            report.Print(Console.Out);
            if (parsed.GetValue(write))
                Console.Error.WriteLine($"written to {ResultsPage.Update(report)}");
            return report.IsMissed ? Missed : 0;
        });
        return command;
    }

    /// <summary>BenchmarkDotNet's benchmarks of single pieces, with its own options.</summary>
    private static Command Micro()
    {
        var rest = new Argument<string[]>("OPTIONS") { Description = "BenchmarkDotNet's own, such as --filter '*Philox*'.", Arity = ArgumentArity.ZeroOrMore };
        var command = new Command("micro", "Times single pieces of code with BenchmarkDotNet.") { rest };
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction(parsed =>
        {
            // In this process: a generated project of its own would not know this repository's build settings.
            var config = DefaultConfig.Instance
                .AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance))
                .WithArtifactsPath(Path.Combine("artifacts", "benchmarks"));
            string[] given = [.. parsed.Tokens.Skip(1).Select(token => token.Value)];
            BenchmarkSwitcher.FromAssembly(typeof(App).Assembly).Run(given is [] ? ["--filter", "*"] : given, config);
            return 0;
        });
        return command;
    }
}
