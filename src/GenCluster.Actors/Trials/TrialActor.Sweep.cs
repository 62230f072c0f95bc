using Akka.Actor;
using GenCluster.Actors.Protocol;
using GenCluster.Core.Decisions;
using GenCluster.Core.Trials;

namespace GenCluster.Actors.Trials;

/// <summary>What the sweep wants of the trial, and what it is told.</summary>
internal sealed partial class TrialActor
{
    private readonly HashSet<int> unjudged = []; // steps whose reports the sweep was told of, and has not answered for
    private (FromWorker.RunEnded Message, IActorRef Sender)? completion; // waits for those
    private bool isTold; // the sweep knows all that the journal held when this actor began

    /// <summary>Becomes what the sweep says, one thing after the other; most of it is so already.</summary>
    private void Begin(Local.Begin begin)
    {
        Execute(new CreateTrial(begin.Definition, begin.Until), d =>
        {
            if (d.IsRefused)
                Notify(d.Refusal!.Reason);
            TellAll();
            Execute(new ReopenTrial(begin.Round), _ => Hold(begin));
        });
        if (State.Definition is null && !begin.IsHeld && !draining && !requested)
            Request(); // a gang is found while the trial is written down; it hears of it after that
    }

    private void Hold(Local.Begin begin)
    {
        if (begin.IsHeld)
            Execute(new HoldTrial(), d => Continue(begin, isNew: !d.Events.IsEmpty));
        else
            Execute(new FreeTrial(), _ => Continue(begin, isNew: false));
    }

    private void Continue(Local.Begin begin, bool isNew) => Execute(new ContinueTrial(begin.Until), _ =>
    {
        if (isNew && State.Phase is TrialPhase.Running && roster is not null)
            DrainGang("paused");
        TellArrival();
        Proceed();
    });

    private void Stop(Local.Stop stop) => Execute(new StopTrial(stop.Reason, Clock), d =>
    {
        if (State.HasEnded)
            Conclude();
        else if (!d.Events.IsEmpty && roster is not null)
            DrainGang(stop.Reason);
    });

    /// <summary>Gives the gang back if the trial has reached its milestone.</summary>
    private void Rest(Decision<ITrialEvent> decision)
    {
        if (!decision.Events.IsDefaultOrEmpty && decision.Events.Any(e => e is TrialPaused))
        {
            GiveBack();
            TellArrival();
        }
    }

    /// <summary>After a start, the sweep may not have heard what was written just before; what it has heard it knows.</summary>
    private void TellAll()
    {
        if (isTold || State.HasEnded)
            return;
        isTold = true;
        foreach (var report in State.Reports.Values)
            TellReport(report);
        TellIndependence();
    }

    private void TellReport(MetricReport report)
    {
        unjudged.Add(report.Step);
        Context.Parent.Tell(new Local.TrialReports(trial.Number, report));
    }

    private void TellArrival()
    {
        if (State.WaitsAt is { } step)
            Context.Parent.Tell(new Local.TrialWaits(trial.Number, step));
    }

    /// <summary>It has a checkpoint of its own, and needs the one it began from no more.</summary>
    private void TellIndependence()
    {
        if (State.Definition?.Origin is not null && !State.Checkpoints.IsEmpty)
            Context.Parent.Tell(new Local.OriginIsDone(trial.Number));
    }

    private void Settle(Local.ReportHeard heard)
    {
        unjudged.Remove(heard.Step);
        if (unjudged.Count > 0 || completion is not { } ended)
            return;
        completion = null;
        Self.Tell(ended.Message, ended.Sender);
    }

    private void Pin(Local.Pin pin)
    {
        int step = pin.Step ?? (State.Checkpoints.IsEmpty ? -1 : State.Checkpoints[0].Step);
        Execute(new PinCheckpoint(pin.Holder, step), d =>
            Sender.Tell(new Local.Pinned(pin.Holder, trial, d.IsRefused ? null : State.Pins[pin.Holder], d.Refusal?.Reason ?? "")));
    }
}
