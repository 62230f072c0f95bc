using GenCluster.Cli.CommandLine;
using GenCluster.Cli.Watching;
using GenCluster.Core.Sweeps;
using GenCluster.Monitoring;

namespace GenCluster.Cli.Runs;

/// <summary><c>gencluster run</c> from the file to the exit code.</summary>
public sealed class RunSession(RunSettings settings, CliPorts ports)
{
    public async Task<int> RunAsync()
    {
        if (SweepFiles.Load(settings.File, ports.Error) is not { } loaded)
            return ExitCode.WrongInput;
        var spec = BesideItsFile(loaded);
        int workers = WorkerCount.For(spec, settings.Workers, ports.Processors);
        using var folder = RunFolder.Open(settings.Runs, spec.Name);

        RunEnd end;
        await using (var display = Display())
        {
            SweepRun? run = null;
            using var interruption = new Interruption(ports.Signals, () =>
            {
                run?.KillWorkers();
                display.Abandon();
                ports.Exit(ExitCode.Interrupted);
            });
            var metrics = settings.MetricsPort is { } port ? MetricsAddress.OnLoopback(port) : null;
            run = new SweepRun(spec, workers, folder, ports, display, interruption, metrics);
            end = await run.RunAsync();
        }

        return new RunReport(settings, folder, ports).Tell(end);
    }

    /// <summary>On one machine a program that names no folder runs where its sweep file lies, as other tools have it: <c>train.py</c> is the one beside it.</summary>
    private SweepSpec BesideItsFile(SweepSpec spec) => spec.Trainable.Command is { Folder: null } command
        ? spec with { Trainable = spec.Trainable with { Command = command with { Folder = Path.GetDirectoryName(Path.GetFullPath(settings.File)) } } }
        : spec;

    private ISweepDisplay Display() =>
        !settings.Plain && ports.Terminal() is { } terminal ? new LiveDisplay(terminal, ports.Time) : new PlainDisplay(ports.Error, ports.Time);
}
