using GenCluster.Collectives.Gangs;
using GenCluster.Core.Training;
using GenCluster.Core.Trials;
using GenCluster.Training.Loop;

namespace GenCluster.Training.Runner;

/// <summary>
/// The way into the gang of an order: alone, or with peers who may be later. Whoever waits there can be called away by
/// an abort, by an order that makes this one void, and by a drain where nothing has been trained that could be lost.
/// </summary>
internal sealed class GangEntrance(TrialOrder order, TrainingState state, RunnerOptions options, RunControl control, TimeProvider clock)
{
    private static readonly TimeSpan DrainPoll = TimeSpan.FromMilliseconds(100);

    /// <returns>Null when a drain came while peers were awaited.</returns>
    /// <exception cref="GangBrokenException">A peer could not be reached.</exception>
    /// <exception cref="OperationCanceledException">Called away by an abort or another order.</exception>
    public IGang? Enter(bool mayDrain)
    {
        var plan = Invitations.Plan(order, state);
        if (plan.Members == 1)
            return new SoloGang(plan);

        var listener = options.Listener
            ?? throw new TrainingFailedException(FailureClass.UserError, "this worker has no data plane and cannot join a gang; give it a port for one");
        using var called = CancellationTokenSource.CreateLinkedTokenSource(control.Aborted, control.Superseded);
        using var poll = mayDrain ? clock.CreateTimer(_ => CancelIfDraining(called), null, DrainPoll, DrainPoll) : null;
        try
        {
            return WiredGang.Join(Invitations.ToGang(order, plan), state.Memory, listener, GangOptions, called.Token);
        }
        catch (OperationCanceledException) when (mayDrain && control.DrainRequested && !control.Aborted.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>A first gang waits for those who still fetch their data; the members of a later one are all at work.</summary>
    private GangOptions GangOptions => options.Gang with
    {
        JoinDeadline = order.Forced || state.Step > 0 ? options.RejoinDeadline : options.Gang.JoinDeadline,
        Transport = TransportOf(order.Definition.Resources.Transport),
    };

    private static Collectives.Gangs.Transport TransportOf(Core.Sweeps.Transport wanted) => wanted switch
    {
        Core.Sweeps.Transport.SharedMemory => Collectives.Gangs.Transport.SharedMemory,
        Core.Sweeps.Transport.Unix => Collectives.Gangs.Transport.Unix,
        Core.Sweeps.Transport.Tcp => Collectives.Gangs.Transport.Tcp,
        _ => Collectives.Gangs.Transport.Auto,
    };

    private void CancelIfDraining(CancellationTokenSource called)
    {
        try
        {
            if (control.DrainRequested)
                called.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The gang is complete; the timer was a moment late.
        }
    }
}
