using GenCluster.Core.Identity;
using GenCluster.Core.Training;
using GenCluster.Core.Trials;
using GenCluster.Simulation.Tests.Engine;

namespace GenCluster.Simulation.Tests.Training;

/// <summary>The data plane: members of a gang find each other by its lease and its secret.</summary>
internal sealed class SimulatedGangs(Simulation simulation)
{
    private readonly Dictionary<(Lease Lease, string Secret), SimulatedGang> gangs = [];

    public SimulatedGang Of(TrialOrder order)
    {
        var key = (order.Lease, Convert.ToHexString(order.Secret));
        return gangs.TryGetValue(key, out var gang) ? gang : gangs[key] = new SimulatedGang(simulation, order);
    }
}

/// <summary>
/// The members of one lease, in step with each other. Each operation is done by all of them or breaks the gang; when it
/// breaks over a sum, some members may have got that sum and others not.
/// </summary>
internal sealed class SimulatedGang
{
    private static readonly TimeSpan JoinPatience = TimeSpan.FromSeconds(12);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(200);

    private readonly Simulation simulation;
    private readonly TrialDefinition definition;
    private readonly SimulatedRun?[] members;
    private readonly List<SimulatedRun> followers = [];
    private readonly HashSet<SimulatedRun> caughtUp = [];
    private readonly Dice dice;
    private readonly TimeSpan stepTime;
    private bool isAtWork;
    private bool isOver;
    private bool drains;
    private bool changes;
    private TimeSpan? stalledSince;

    public SimulatedGang(Simulation simulation, TrialOrder order)
    {
        this.simulation = simulation;
        definition = order.Definition;
        members = new SimulatedRun?[order.Members.Length];
        dice = new Dice(simulation.Seed, $"gang {order.Lease}");
        stepTime = simulation.Scenario.StepTime;
    }

    private ModelState State => members[0]!.State;

    public void Enter(SimulatedRun run)
    {
        if (isOver)
        {
            run.Node.In(Poll, () => run.Broke(this, null));
            return;
        }

        members[run.Order.Member] = run;
        if (members.All(m => m is not null))
            In(dice.Milliseconds(1, 30), () => Attempt(CallTheRoll, _ => { }));
        else
            run.Node.In(JoinPatience, GiveUp);
    }

    /// <summary>A joiner: it copies the state, and then follows every step.</summary>
    public void Follow(SimulatedRun run)
    {
        if (isOver)
        {
            run.Node.In(Poll, () => run.Broke(this, null));
            return;
        }

        followers.Add(run);
        run.Node.In(dice.Milliseconds(20, 500), () => CatchUp(run));
    }

    private void CatchUp(SimulatedRun run)
    {
        if (isOver || !run.IsIn(this))
            return;
        if (!isAtWork)
        {
            run.Node.In(Poll, () => CatchUp(run));
            return;
        }

        run.State = State;
        caughtUp.Add(run);
        run.CaughtUp();
    }

    private void GiveUp()
    {
        int missing = Array.FindIndex(members, m => m is null);
        if (!isAtWork && !isOver && missing >= 0)
            Break(missing, _ => { });
    }

    /// <summary>The furthest state counts; those behind copy it.</summary>
    private void CallTheRoll()
    {
        isAtWork = true;
        var furthest = members.Select(m => m!.State).MaxBy(s => (s.Step, s.Evaluated))!;
        foreach (var member in members)
        {
            member!.State = furthest;
            member.Start();
        }

        Next();
    }

    /// <summary>Between two operations.</summary>
    private void Next()
    {
        var leader = members[0]!;
        if (definition.Training.IsEvaluatedAt(State.Step) && !State.Evaluated)
        {
            var report = Learning.Evaluate(definition, State);
            leader.Report(report);
            Operate(state => Learning.Evaluated(state, report));
            return;
        }

        leader.Duties!.AfterStep();
        if (Learning.Diverges(definition, State))
            EndAll(new RunOutcome.Broken(FailureClass.NonFinite, "the loss is NaN"));
        else if (State.Step == definition.Training.Steps || drains || changes)
            Conclude(leader);
        else
            Train();
    }

    private void Train()
    {
        drains = members.Any(m => m!.WantsDrain);
        changes = members.Any(m => m!.WantsChange);
        Operate(Learning.Train);
    }

    private void Operate(Func<ModelState, ModelState> operation)
    {
        void Done(SimulatedRun run) => run.State = operation(run.State);
        In(stepTime, () => Attempt(
            () =>
            {
                caughtUp.RemoveWhere(f => !f.IsIn(this) || f.Node.IsFrozen);
                foreach (var run in members.Concat(followers.Where(caughtUp.Contains)))
                {
                    Done(run!);
                    run!.Tell(stepTime);
                }

                Next();
            },
            Done));
    }

    private void Conclude(SimulatedRun leader)
    {
        isOver = true;
        bool done = State.Step == definition.Training.Steps;
        foreach (var waiting in members.Skip(1).Concat(followers.Where(f => f.IsIn(this))))
            waiting!.Node.Do(waiting.Wait);
        if (!done && !drains)
        {
            leader.Wait();
            return;
        }

        leader.Duties!.Checkpoint();
        leader.End(done ? new RunOutcome.Completed(State.Step, Learning.Sha256(State)) : new RunOutcome.Drained(State.Step));
    }

    private void EndAll(RunOutcome outcome)
    {
        isOver = true;
        foreach (var member in members)
            member!.End(outcome);
        foreach (var follower in followers.Where(f => f.IsIn(this)))
            follower.Node.Do(follower.Wait);
    }

    /// <summary>Goes on if all members are there; else waits for a while, and then breaks.</summary>
    /// <param name="torn">What a member has done that got the last sum before the gang broke.</param>
    private void Attempt(Action then, Action<SimulatedRun> torn)
    {
        if (isOver)
            return;
        int gone = Array.FindIndex(members, m => !m!.IsIn(this));
        int silent = gone >= 0 ? gone : Array.FindIndex(members, m => m!.Node.IsFrozen || members.Any(other => IsCut(m.Node, other!.Node)));
        if (silent < 0)
        {
            stalledSince = null;
            then();
        }
        else if (gone >= 0 || (members.Length > 1 && simulation.Now - (stalledSince ??= simulation.Now) >= Patience))
        {
            Break(silent, torn);
        }
        else
        {
            In(Poll, () => Attempt(then, torn));
        }
    }

    private bool IsCut(Node a, Node b) => simulation.Network.IsCut(a, b) || simulation.Network.IsCut(b, a);

    private void Break(int culprit, Action<SimulatedRun> torn)
    {
        isOver = true;
        bool isComplete = isAtWork && dice.Chance(0.5);
        for (int i = 0; i < members.Length; i++)
        {
            if (members[i] is not { } run || !run.IsIn(this))
                continue;
            if (isComplete && !run.Node.IsFrozen && dice.Chance(0.5))
                torn(run);
            int? blamed = i == culprit || dice.Chance(0.2) ? null : culprit;
            run.Node.In(dice.Milliseconds(1, 800), () => run.Broke(this, blamed));
        }

        foreach (var follower in followers.Where(f => f.IsIn(this)))
            follower.Node.In(dice.Milliseconds(1, 800), () => follower.Broke(this, null));
    }

    private void In(TimeSpan delay, Action action) => simulation.World.Timeline.In(delay, action);
}
