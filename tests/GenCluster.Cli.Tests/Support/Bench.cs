using GenCluster.Cli.CommandLine;
using GenCluster.Cli.Runs;
using GenCluster.Cli.Workers;
using GenCluster.Server;
using Spectre.Console;

namespace GenCluster.Cli.Tests.Support;

/// <summary>The command with nothing real around it but a temporary folder.</summary>
internal sealed class Bench : ISignals, IDisposable
{
    private readonly StringWriter output = new() { NewLine = "\n" }, error = new() { NewLine = "\n" };
    private Action? handler;

    public Bench()
    {
        Folder = Directory.CreateTempSubdirectory("gencluster-cli-").FullName;
        SweepFile = Path.Combine(Folder, "clothes.yaml");
        Runs = Path.Combine(Folder, "runs");
        File.WriteAllText(SweepFile, Sweeps.File);
        WorkerBinary = Path.Combine(Folder, "gencluster-worker");
        File.WriteAllText(WorkerBinary, "");
    }

    public string Folder { get; }

    public string SweepFile { get; }

    public string Runs { get; }

    public string RunFolder => Path.Combine(Runs, "clothes");

    public string WorkerBinary { get; }

    public ManualTime Time { get; } = new();

    public ScriptedWorkers Workers { get; init; } = new();

    public ScriptedCoordinator Coordinator { get; set; } = new(Sweeps.View(Core.Sweeps.SweepPhase.Running), Sweeps.Finished());

    public Func<Task<ICoordinator>>? Start { get; init; }

    public ScriptedNode Node { get; } = new();

    public Func<Task<ICoordinatorNode>>? Join { get; init; }

    public CoordinatorOptions? Options { get; private set; }

    /// <summary>Answers in a server's place; null for the network.</summary>
    public HttpMessageHandler? Http { get; init; }

    /// <summary>In place of <see cref="Time"/>.</summary>
    public TimeProvider? Clock { get; init; }

    public Dictionary<string, string> Environment { get; } = [];

    public IAnsiConsole? Terminal { get; init; }

    public int? ExitedAtOnce { get; private set; }

    public string Out => Tidy(output);

    public string Error => Tidy(error);

    public CliPorts Ports => new()
    {
        Out = output,
        Error = error,
        Time = Clock ?? Time,
        Http = () => Http ?? new SocketsHttpHandler(),
        Environment = () => Environment,
        StartCoordinator = (options, _) =>
        {
            Options = options;
            return Start?.Invoke() ?? Task.FromResult<ICoordinator>(Coordinator);
        },
        JoinCoordinators = (options, _) =>
        {
            Options = options;
            return Join?.Invoke() ?? Task.FromResult<ICoordinatorNode>(Node);
        },
        Workers = Workers,
        Locator = new WorkerLocator(Folder, null),
        Signals = this,
        Terminal = () => Terminal,
        Processors = 2,
        Exit = code => ExitedAtOnce = code,
    };

    /// <summary>Runs a command line; FILE stands for the sweep file, RUNS for the folder of runs.</summary>
    public Task<int> RunAsync(string line) => App.RunAsync(
        [.. line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(a => a switch { "FILE" => SweepFile, "RUNS" => Runs, _ => a })], Ports);

    /// <summary>A signal arrives.</summary>
    public void Signal() => handler!();

    /// <summary>Puts weights where the leader of a trial would.</summary>
    public void WriteWeights(int trial)
    {
        string folder = Path.Combine(RunFolder, "trials", $"{trial:0000}");
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "weights.safetensors"), $"weights of {trial}");
    }

    public IDisposable OnInterrupt(Action handler)
    {
        this.handler = handler;
        return new MemoryStream();
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private string Tidy(StringWriter text) => text.ToString().Replace(Folder, "/tmp", StringComparison.Ordinal);
}
