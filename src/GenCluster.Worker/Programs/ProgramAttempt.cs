using GenCluster.Core.Identity;
using GenCluster.Core.Programs;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Training;
using GenCluster.Core.Trials;

namespace GenCluster.Worker.Programs;

/// <summary>
/// One start of a trial's program as one member of its gang, from the checkpoint to its end. A program is not elastic: when
/// its gang changes it is ended, and another attempt begins from the checkpoint.
/// </summary>
internal sealed partial class ProgramAttempt : IDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(50);

    private readonly ITrialObserver observer;
    private readonly RunControl control;
    private readonly ProgramOptions options;
    private readonly ProgramCheckpoints checkpoints;
    private readonly ProgramFolders folders;
    private readonly CommandSpec command;
    private readonly Inbox inbox = new();
    private readonly long memoryKills = MemoryKills.Count();

    private TrialOrder order;
    private MetricsEndpoint? endpoint;
    private IMetricsSource? source;
    private ProgramReports? reports; // of the leader
    private ProgramAtWork? program;
    private RunOutcome.Broken? broken;
    private bool regrouped;
    private int step;

    public ProgramAttempt(TrialOrder order, ProgramCheckpoints checkpoints, ITrialObserver observer, RunControl control, ProgramOptions options)
    {
        (this.order, this.checkpoints, this.observer, this.control, this.options) = (order, checkpoints, observer, control, options);
        command = order.Definition.Command!;
        folders = ProgramFolders.Of(options.Runs, order);
    }

    /// <summary>The order that another attempt has to begin with.</summary>
    public TrialOrder? Next { get; private set; }

    private bool Leads => order.Member == 0;

    private int Step => reports?.Step ?? step;

    /// <returns>The outcome of the run; null when another attempt has to begin, with <see cref="Next"/>.</returns>
    public RunOutcome? Run()
    {
        if (Leads)
            control.WaitUntilConfirmed(); // files are taken over from whoever led before; never from one who leads by now
        Restore();
        int port = order.Members.Length > 1 ? FreePort.OfGang(order.Secret) : FreePort.OnLoopback();
        if (Leads && order.Members.Length > 1 && !FreePort.IsFree(port))
            return GatherElsewhere(port);
        if (Start(port) is { } fault)
            return fault;
        observer.Started(step);
        Attend();
        control.Aborted.ThrowIfCancellationRequested();
        if (broken is not null)
            return broken;
        return regrouped ? Regroup() : program!.WasAsked || reports is { HasArrived: true } ? Drain() : End();
    }

    public void Dispose()
    {
        inbox.Close();
        endpoint?.Dispose();
        program?.Dispose();
        reports?.Dispose();
    }

    private void Restore()
    {
        folders.Create();
        var store = options.OpenCheckpoints(folders, order, control.Aborted);
        step = ProgramCheckpoints.Restore(folders.Checkpoint, order.Checkpoints, store, Leads ? observer.Warned : _ => { });
        if (order.Checkpoints.Length == 0 && order.Definition.Origin is { } origin)
            Inherit(origin);
        if (Leads)
            checkpoints.Lead(order, store);
    }

    /// <summary>Takes over what the program of another trial has saved. It is for the program to make of it what it can.</summary>
    private void Inherit(TrialOrigin origin)
    {
        var from = order with { Lease = new Lease(origin.Trial, order.Lease.Epoch) }; // nothing is put there
        var store = options.OpenCheckpoints(ProgramFolders.Of(options.Runs, from), from, control.Aborted);
        int inherited = ProgramCheckpoints.Restore(folders.Checkpoint, [origin.Manifest], store, Leads ? observer.Warned : _ => { });
        step = origin.WeightsOnly ? 0 : inherited;
    }

    private RunOutcome.Broken? Start(int port)
    {
        string metricsFile = Path.GetFullPath(Path.Combine(folders.Work, command.MetricsPath ?? "metrics.jsonl"));
        if (Leads)
            Listen(metricsFile);
        var environment = ProgramEnvironment.Of(options.Environment, order, folders, port, step, metricsFile, endpoint);
        var line = CommandMacros.Expand(command, order.Definition.Settings, new MacroSources(
            options.Interpreter, folders.Arguments, name => ProgramEnvironment.Variable(name, environment, options.Environment)));
        if (line.Fault is { } fault)
            return new RunOutcome.Broken(FailureClass.UserError, fault);
        if (line.UsesJsonFile)
            File.WriteAllText(folders.Arguments, PythonText.Json(order.Definition.Settings));
        if (command.Metrics is MetricsSource.Wandb)
            File.WriteAllText(folders.WandbConfig, PythonText.WandbConfig(order.Definition.Settings));

        program = new ProgramAtWork(
            new GuardOrder([.. line.Arguments], environment, command.Folder ?? folders.Work), folders, TimeSpan.FromSeconds(command.GraceSeconds), options.Clock,
            Leads && command.Metrics is MetricsSource.Output ? said => inbox.Put(MetricsLine.Read(said)) : _ => { });
        return null;
    }

    private void Listen(string metricsFile)
    {
        reports = new ProgramReports(order, folders, step, checkpoints, observer, options.Clock);
        source = command.Metrics switch
        {
            MetricsSource.File => new MetricsFileSource(metricsFile),
            MetricsSource.Wandb => new WandbSource(command.MetricsPath is { } path ? Path.Combine(folders.Work, path) : folders.Wandb),
            _ => null,
        };
        endpoint = command.Metrics is MetricsSource.Http ? new MetricsEndpoint(inbox.Post) : null;
    }
}
