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
internal sealed class ProgramAttempt : IDisposable
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

    /// <summary>Another gang of the same members has another secret, and so another port.</summary>
    private RunOutcome.Drained? GatherElsewhere(int port)
    {
        observer.GangBroke(null, $"port {port} of {order.Members[0].Host}, where the program's processes were to meet, is in use");
        Next = control.WaitForOrder();
        return Next is null ? new RunOutcome.Drained(step) : null;
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

    /// <summary>Listens and obeys until the program, and all that it has said, is over.</summary>
    private void Attend()
    {
        while (true)
        {
            Obey();
            bool isOver = program!.IsOver; // before the last look: what it said until then is all there is
            bool more = source?.Look(Hear) ?? false;
            bool heard = false;
            for (int i = 0; i < 64 && inbox.Take(heard || more || isOver ? TimeSpan.Zero : Tick) is { } said; i++)
            {
                Hear(said.Values);
                if (said.Heard is not null && reports is { HasArrived: false })
                    reports.KeepCheckpoint();
                said.Heard?.TrySetResult();
                heard = true;
            }

            if (isOver && !more && !heard)
                return;
            if (reports is { HasArrived: true })
                program.End();
            else if (!program.WasAsked)
                reports?.KeepCheckpoint();
        }
    }

    private void Hear(IReadOnlyList<Metric> values)
    {
        if (broken is not null || regrouped || control.Aborted.IsCancellationRequested)
            return; // it counts no more
        broken = reports?.Hear(values);
        if (broken is not null)
            program!.End();
    }

    /// <summary>Does what others want of the run.</summary>
    private void Obey()
    {
        if (control.PendingOrder is { } pending && !regrouped && !program!.IsOver)
        {
            regrouped = !CanGoOn(pending);
            if (!regrouped)
                Adopt(control.TakeOrder()!);
        }

        if (regrouped || control.DrainRequested || control.Aborted.IsCancellationRequested)
            program!.End();
        program!.Enforce();
    }

    /// <summary>Whether the processes of the gang stay as they are: it was only counted anew.</summary>
    private bool CanGoOn(TrialOrder next) =>
        next.Member == order.Member && next.Members.Select(m => m.Worker).SequenceEqual(order.Members.Select(m => m.Worker))
        && (!next.Forced || next.Members.Length == 1);

    private void Adopt(TrialOrder next)
    {
        order = next;
        if (Leads)
            checkpoints.Lead(order, options.OpenCheckpoints(folders, order, control.Aborted));
        observer.Started(Step);
    }

    /// <summary>The gang is another one, and there are enough members for another attempt, or too few.</summary>
    private RunOutcome? Regroup()
    {
        bool led = Leads;
        Next = control.TakeOrder() ?? order;
        if (Next.Members.Length >= order.Definition.Resources.MinWorkers && Next.Member >= 0 && !control.DrainRequested)
            return null;
        order = Next;
        if (led && Leads)
            checkpoints.Lead(order, options.OpenCheckpoints(folders, order, control.Aborted));
        return led && Leads ? Drain() : new RunOutcome.Drained(Next.Checkpoints is [var newest, ..] ? newest.Step : 0);
    }

    private RunOutcome Drain()
    {
        reports?.Conclude();
        if (control.FinishRequested && reports is { HasObjective: true })
            return Complete();
        return Leads && reports is { HasArrived: true } && checkpoints.Step < Step
            ? new RunOutcome.Broken(FailureClass.UserError, $"the checkpoint folder could not be stored at step {Step}, where the trial was to wait; docs/programs.md says how much may be in it")
            : new RunOutcome.Drained(Step);
    }

    private RunOutcome.Completed Complete()
    {
        KeepResult();
        return new RunOutcome.Completed(Step, checkpoints.Sha256);
    }

    /// <summary>The program ended by itself.</summary>
    private RunOutcome? End()
    {
        string objective = order.Definition.Objective.Metric;
        var verdict = ExitVerdict.Of(
            program!.ExitCode, MemoryKills.Count() > memoryKills, reports?.MadeProgress ?? false, reports?.HasObjective ?? true, objective, program.LastLines());
        if (verdict is not null)
            return order.Members.Length > 1 ? Explain(verdict) : verdict;
        if (!Leads)
            return Stay();
        reports!.Conclude();
        return Complete();
    }

    /// <summary>When one member is lost the programs of the others fail, too; and that is not their fault.</summary>
    private RunOutcome? Explain(RunOutcome.Broken verdict)
    {
        long since = options.Clock.GetTimestamp();
        while (options.Clock.GetElapsedTime(since) < options.EchoTime)
        {
            control.Aborted.ThrowIfCancellationRequested();
            if (control.PendingOrder is not null)
                return Regroup();
            if (control.DrainRequested)
                return Drain();
            control.Aborted.WaitHandle.WaitOne(Tick);
        }

        return verdict;
    }

    /// <summary>Its own part is done; the trial is over when the leader says so.</summary>
    private RunOutcome.Drained? Stay()
    {
        while (control.WaitForOrder() is { } next)
        {
            if (!CanGoOn(next))
            {
                Next = next;
                return null;
            }

            order = next;
            observer.Started(Step);
        }

        return new RunOutcome.Drained(Step);
    }

    private void KeepResult()
    {
        control.WaitUntilConfirmed();
        if (Directory.Exists(folders.Result))
            Directory.Delete(folders.Result, recursive: true);
        Directory.Move(folders.Checkpoint, folders.Result);
    }
}
