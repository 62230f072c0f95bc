using GenCluster.Core.Training;
using GenCluster.Core.Trials;

namespace GenCluster.Worker.Programs;

/// <summary>How an attempt ends: with the program, with the gang, or with the wish of others.</summary>
internal sealed partial class ProgramAttempt
{
    /// <summary>Another gang of the same members has another secret, and so another port.</summary>
    private RunOutcome.Drained? GatherElsewhere(int port)
    {
        observer.GangBroke(null, $"port {port} of {order.Members[0].Host}, where the program's processes were to meet, is in use");
        Next = control.WaitForOrder();
        return Next is null ? new RunOutcome.Drained(step) : null;
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
