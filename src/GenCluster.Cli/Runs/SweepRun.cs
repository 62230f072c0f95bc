using GenCluster.Actors.Persistence;
using GenCluster.Cli.CommandLine;
using GenCluster.Cli.Watching;
using GenCluster.Cli.Workers;
using GenCluster.Core.Identity;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Trials;
using GenCluster.Monitoring;
using GenCluster.Server;

namespace GenCluster.Cli.Runs;

/// <summary>
/// One run on this machine: a coordinator in this process, workers beside it, until the sweep ends, a signal comes or
/// something breaks. The limits add up to less than five seconds, which is what a stop may take.
/// </summary>
public sealed class SweepRun(SweepSpec spec, int workers, RunFolder folder, CliPorts ports, ISweepDisplay display, Interruption interruption, MetricsAddress? metrics = null)
{
    private static readonly TimeSpan DrainLimit = TimeSpan.FromMilliseconds(3800);
    private static readonly TimeSpan LeaveLimit = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan HurriedLeaveLimit = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan CloseLimit = TimeSpan.FromMilliseconds(300);

    private readonly WorkerSupervisor supervisor =
        new(ports.Workers, SupervisionOptions.For(Math.Max(1, spec.Resources.MinWorkers)), ports.Time, display.Say);

    /// <summary>For a stop that does not wait.</summary>
    public void KillWorkers() => supervisor.KillAll();

    public async Task<RunEnd> RunAsync()
    {
        ICoordinator coordinator;
        try
        {
            coordinator = await ports.StartCoordinator(
                new CoordinatorOptions { Journal = new JournalDatabase.Sqlite(folder.Journal), ExpectedWorkers = workers, Log = folder.CoordinatorLog, Metrics = metrics }, interruption.Token);
        }
        catch (Exception) when (interruption.IsRequested)
        {
            return new RunEnd.Interrupted();
        }
        catch (Exception failure) when (failure is not CliException)
        {
            return new RunEnd.Broken(failure.Message);
        }

        try
        {
            return await FollowAsync(coordinator);
        }
        finally
        {
            await supervisor.StopAsync(interruption.IsRequested ? HurriedLeaveLimit : LeaveLimit);
            await SettleAsync(coordinator.DisposeAsync().AsTask());
        }
    }

    private async Task<RunEnd> FollowAsync(ICoordinator coordinator)
    {
        using var abandon = new CancellationTokenSource();
        var sweep = SweepAsync(coordinator, abandon.Token);
        await Task.WhenAny(sweep, coordinator.Fault, supervisor.GaveUp, interruption.Requested);
        try
        {
            if (sweep.IsCompleted)
                return await sweep;
            if (coordinator.Fault.IsCompleted)
                return new RunEnd.Broken(await coordinator.Fault);
            if (!interruption.IsRequested)
            {
                await DrainAsync(coordinator);
                return new RunEnd.Broken(await supervisor.GaveUp);
            }

            display.Say("stopping after a checkpoint of every trial (Ctrl-C again stops at once)");
            await DrainAsync(coordinator);
            return new RunEnd.Interrupted();
        }
        catch (Exception failure) when (failure is not CliException)
        {
            return new RunEnd.Broken(coordinator.Fault.IsCompletedSuccessfully ? await coordinator.Fault : failure.Message);
        }
        finally
        {
            await abandon.CancelAsync();
            await SettleAsync(sweep);
        }
    }

    private async Task<RunEnd> SweepAsync(ICoordinator coordinator, CancellationToken cancellation)
    {
        var answer = await coordinator.SubmitAsync(spec, cancellation);
        if (answer.Refusal is { } refusal)
            return new RunEnd.Refused(refusal);

        bool started = false;
        SweepView? last = null;
        await foreach (var view in coordinator.WatchAsync(new SweepId(spec.Name), cancellation))
        {
            last = view;
            if (view.HasEnded && !started)
                continue;
            if (!started)
            {
                if (answer.Resumed)
                    display.Say($"resuming sweep {spec.Name}: {view.Trials.Count(t => t.Phase is TrialPhase.Succeeded)} of {Words.Count(spec.Search.MaxTrials, "trial")} succeeded so far");
                supervisor.Start(Launches(coordinator.Address));
            }

            started = true;
            display.Show(view);
        }

        return last is { HasEnded: true }
            ? new RunEnd.Ended(last, Before: answer.Resumed && !started && last.Phase is not SweepPhase.Halted)
            : new RunEnd.Broken("the coordinator ended before the sweep did");
    }

    private WorkerLaunch[] Launches(string address)
    {
        var binary = ports.Locator.Find();
        var gpus = spec.Resources.Device == "cpu" ? [] : GpuShare.Visible();
        return [.. Enumerable.Range(1, workers).Select(n => (Name: $"worker-{n}", Gpu: GpuShare.Of(n, gpus))).Select(worker => new WorkerLaunch(
            worker.Name,
            binary,
            [
                "--coordinator", address, "--name", worker.Name, "--runs", folder.Runs, "--exit-with-parent", "--device", spec.Resources.Device,
                .. spec.Trainable.Command is null ? Array.Empty<string>() : ["--programs-only"],
            ],
            folder.WorkerLog(worker.Name),
            worker.Gpu))];
    }

    private async Task DrainAsync(ICoordinator coordinator)
    {
        supervisor.RestartNoMore(); // a drained worker leaves by itself
        using var limit = new CancellationTokenSource(DrainLimit, ports.Time);
        try
        {
            await coordinator.DrainAsync(limit.Token).WaitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            display.Say("not every worker could finish its checkpoint in time; the one before is used on resume");
        }
    }

    // The process ends next: what does not settle in time, or not well, has nobody left to tell. The journal is safe at any moment.
    private async Task SettleAsync(Task task)
    {
        try
        {
            await task.WaitAsync(CloseLimit, ports.Time);
        }
        catch (Exception)
        {
        }
    }
}
