using GenCluster.Actors.Workers;
using GenCluster.Core.Checkpoints;
using GenCluster.Core.Training;
using GenCluster.Core.Trials;
using GenCluster.Simulation.Tests.Engine;

namespace GenCluster.Simulation.Tests.Training;

/// <summary>
/// A run on virtual time. It behaves as the real runner promises: it reports, checkpoints, says when its gang broke, keeps
/// what it holds, and takes orders.
/// </summary>
internal sealed class SimulatedRun
{
    private readonly Simulation simulation;
    private readonly ITrialObserver observer;
    private readonly RunControl control;
    private readonly Action<RunOutcome?> ended;
    private readonly Dice dice;
    private SimulatedGang? gang;
    private Stage stage = Stage.Loading;
    private int resumedAt = -1;
    private bool isWaking;

    private SimulatedRun(Simulation simulation, Node node, TrialOrder order, ITrialObserver observer, RunControl control, Action<RunOutcome?> ended)
    {
        (this.simulation, Node, Order, this.observer, this.control, this.ended) = (simulation, node, order, observer, control, ended);
        dice = new Dice(simulation.Seed, $"run {order.Lease} on {node}");
        State = Learning.Start(order.Definition);
        node.In(dice.Milliseconds(1, 200), () =>
        {
            if (stage is not Stage.Loading)
                return;
            if (order.Member >= 0)
                Resume();
            Obey(order);
            Look();
        });
    }

    private enum Stage
    {
        Loading,
        Entering,
        Training,
        Following,
        Waiting,
        Ended,
    }

    public Node Node { get; }

    /// <summary>The order it goes by.</summary>
    public TrialOrder Order { get; private set; }

    public ModelState State { get; set; }

    public LeaderDuties? Duties { get; private set; }

    /// <summary>What it knows of the trial's checkpoints.</summary>
    public CheckpointBook Book { get; set; } = CheckpointBook.Empty;

    public bool HasEnded => stage is Stage.Ended;

    public bool WantsDrain => control.DrainRequested;

    public bool WantsChange => control.PendingOrder is not null;

    /// <summary>Whether it is to stop, and nothing is lost by that which is in no checkpoint.</summary>
    private bool MayDrain => WantsDrain && State.Step == resumedAt;

    public bool IsIn(SimulatedGang which) => Node.IsAlive && gang == which;

    /// <summary>Something may have changed that the run has to obey: called after each turn of its worker's actor.</summary>
    public void Look()
    {
        if (stage is Stage.Ended)
            return;
        if (control.Aborted.IsCancellationRequested)
            End(null);
        else if (stage is Stage.Waiting && (WantsChange || MayDrain))
            Wake();
        else if (stage is Stage.Entering or Stage.Training or Stage.Following && control.PendingOrder is { Forced: true })
            Wait(); // whatever it waited for, it waited for in vain
        else if (stage is Stage.Entering && MayDrain && Order.Members.Length > 1)
            End(new RunOutcome.Drained(State.Step));
    }

    /// <summary>The gang is complete, and its members hold the same.</summary>
    public void Start()
    {
        stage = Stage.Training;
        observer.Started(State.Step);
        Duties = Order.Member == 0 ? new LeaderDuties(this, simulation, observer, control) : null;
        Duties?.Begin();
    }

    public void Report(MetricReport report) => observer.Evaluated(report, null);

    public void CaughtUp() => observer.Joined(State.Step);

    /// <summary>Telemetry, which may get lost.</summary>
    public void Tell(TimeSpan stepTime)
    {
        if (Order.Member == 0)
            observer.Progressed(new StepProgress(State.Step, 1 / stepTime.TotalSeconds, []));
        if (dice.Chance(0.3))
            observer.Measured(new MemberMeasure(State.Step, dice.Milliseconds(1, 50).TotalSeconds, 0, 0));
    }

    /// <summary>The gang is broken.</summary>
    public void Broke(SimulatedGang which, int? peer)
    {
        if (stage is Stage.Ended || gang != which)
            return;
        if (!WantsChange)
            observer.GangBroke(peer, "a peer is gone");
        Wait();
    }

    /// <summary>Holds what it has until there is an order.</summary>
    public void Wait()
    {
        (gang, stage, Duties) = (null, Stage.Waiting, null);
        Look();
    }

    public void End(RunOutcome? outcome)
    {
        (gang, stage, Duties) = (null, Stage.Ended, null);
        Node.In(dice.Milliseconds(0, 50), () => ended(outcome));
    }

    private void Resume()
    {
        foreach (var manifest in Order.Checkpoints)
        {
            if (simulation.Blobs.Find(Order.Lease.Trial, manifest) is { } stored)
            {
                State = stored;
                break;
            }

            observer.Warned($"the checkpoint of step {manifest.Step} is damaged");
        }

        resumedAt = State.Step;
    }

    private void Wake()
    {
        if (isWaking)
            return;
        isWaking = true;
        Node.In(dice.Milliseconds(0, 20), () =>
        {
            isWaking = false;
            if (stage is not Stage.Waiting)
                return;
            if (control.TakeOrder() is { } order)
                Obey(order);
            else if (MayDrain)
                End(new RunOutcome.Drained(State.Step));
        });
    }

    private void Obey(TrialOrder order)
    {
        Order = order;
        stage = order.Member < 0 ? Stage.Following : Stage.Entering;
        gang = simulation.Gangs.Of(order);
        if (order.Member < 0)
            gang.Follow(this);
        else
            gang.Enter(this);
    }

    /// <summary>Starts the runs of one worker.</summary>
    internal sealed class Starter(Simulation simulation, Node node) : IRunStarter
    {
        public SimulatedRun? Newest { get; private set; }

        public void Start(TrialOrder order, ITrialObserver observer, RunControl control, Action<RunOutcome?> ended) =>
            Newest = new SimulatedRun(simulation, node, order, observer, control, ended);
    }
}
