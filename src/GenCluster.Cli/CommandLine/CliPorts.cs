using GenCluster.Cli.Runs;
using GenCluster.Cli.Watching;
using GenCluster.Cli.Workers;
using GenCluster.Server;
using Spectre.Console;

namespace GenCluster.Cli.CommandLine;

/// <summary>Everything outside the command that it touches. Tests bring their own.</summary>
public sealed class CliPorts
{
    /// <summary>Takes data: leaderboards, plans, answers.</summary>
    public required TextWriter Out { get; init; }

    /// <summary>Takes talk: progress, diagnostics, errors.</summary>
    public required TextWriter Error { get; init; }

    public required TimeProvider Time { get; init; }

    public required Func<CoordinatorOptions, CancellationToken, Task<ICoordinator>> StartCoordinator { get; init; }

    public Func<CoordinatorOptions, CancellationToken, Task<ICoordinatorNode>> JoinCoordinators { get; init; } =
        static async (options, cancellation) => await CoordinatorHost.JoinAsync(options, cancellation);

    public required IWorkerLauncher Workers { get; init; }

    public required WorkerLocator Locator { get; init; }

    public required ISignals Signals { get; init; }

    /// <summary>The variables of the environment.</summary>
    public Func<IReadOnlyDictionary<string, string>> Environment { get; init; } = ProcessEnvironment;

    /// <summary>How a coordinator's API is reached.</summary>
    public Func<HttpMessageHandler> Http { get; init; } = static () => new SocketsHttpHandler { AllowAutoRedirect = false, RequestHeaderEncodingSelector = static (_, _) => System.Text.Encoding.UTF8 };

    /// <summary>The terminal that a live table can be drawn on, or null where there is none.</summary>
    public required Func<IAnsiConsole?> Terminal { get; init; }

    /// <summary>How many workers this machine has room for.</summary>
    public required int Processors { get; init; }

    /// <summary>Ends the process at once.</summary>
    public required Action<int> Exit { get; init; }

    private static Dictionary<string, string> ProcessEnvironment() => System.Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>()
        .ToDictionary(v => $"{v.Key}", v => $"{v.Value}", StringComparer.Ordinal);

    /// <summary>The real ones. Nothing heavy is loaded before a command asks for it.</summary>
    public static CliPorts OfProcess() => new()
    {
        Out = Console.Out,
        Error = Console.Error,
        Time = TimeProvider.System,
        StartCoordinator = static (options, cancellation) => CoordinatorHost.StartAsync(options, cancellation),
        Workers = new ProcessWorkerLauncher(),
        Locator = new WorkerLocator(AppContext.BaseDirectory, System.Environment.GetEnvironmentVariable(WorkerLocator.Variable)),
        Signals = new ProcessSignals(),
        Terminal = static () => TerminalDetector.Find(Console.Error),
        Processors = System.Environment.ProcessorCount,
        Exit = System.Environment.Exit,
    };
}
