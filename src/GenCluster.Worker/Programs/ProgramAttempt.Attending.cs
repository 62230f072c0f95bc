using GenCluster.Core.Training;
using GenCluster.Core.Trials;

namespace GenCluster.Worker.Programs;

/// <summary>While the program is at work: what it says is heard, and what others want is done.</summary>
internal sealed partial class ProgramAttempt
{
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
}
