using GenCluster.Cli.CommandLine;
using GenCluster.Cli.Watching;

namespace GenCluster.Cli.Runs;

/// <summary><c>gencluster run</c> from the file to the exit code.</summary>
public sealed class RunSession(RunSettings settings, CliPorts ports)
{
    public async Task<int> RunAsync()
    {
        if (SweepFiles.Load(settings.File, ports.Error) is not { } spec)
            return ExitCode.WrongInput;
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
            run = new SweepRun(spec, workers, folder, ports, display, interruption);
            end = await run.RunAsync();
        }

        return new RunReport(settings, folder, ports).Tell(end);
    }

    private ISweepDisplay Display() =>
        !settings.Plain && ports.Terminal() is { } terminal ? new LiveDisplay(terminal, ports.Time) : new PlainDisplay(ports.Error, ports.Time);
}
