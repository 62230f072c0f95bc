using Akka.Actor;

namespace GenCluster.Simulation.Tests.Engine;

/// <summary>A process: it can die, and freeze and thaw. The dead leave no trace but what was on its way already.</summary>
internal sealed class Node(Timeline timeline, string name)
{
    private readonly List<Action> untilThaw = [];

    public string Name { get; } = name;

    public Address Address { get; } = new("akka.tcp", "gencluster", name, 4053);

    public bool IsAlive { get; private set; } = true;

    public bool IsFrozen { get; private set; }

    /// <summary>The actor that others talk to.</summary>
    public IActorRef Voice { get; set; } = ActorRefs.Nobody;

    /// <summary>Does something after a while, unless it is dead by then; when it is frozen, after its thaw.</summary>
    public void In(TimeSpan delay, Action action) => timeline.In(delay, () => Do(action));

    public void Do(Action action)
    {
        if (!IsAlive)
            return;
        if (IsFrozen)
            untilThaw.Add(action);
        else
            action();
    }

    public void Freeze() => IsFrozen = IsAlive;

    public void Thaw()
    {
        IsFrozen = false;
        Action[] late = [.. untilThaw];
        untilThaw.Clear();
        foreach (var action in late)
            Do(action);
    }

    public void Die() => (IsAlive, IsFrozen) = (false, false);

    public override string ToString() => Name;
}
