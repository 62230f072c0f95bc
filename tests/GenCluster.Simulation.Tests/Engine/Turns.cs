using System.Runtime.CompilerServices;
using Akka.Actor;
using Akka.Dispatch;

namespace GenCluster.Simulation.Tests.Engine;

/// <summary>
/// What could be done now: one turn of each actor that has something in its mailbox. They are kept in the order of their
/// names, so that nothing depends on the order in which an actor's message reached several others.
/// </summary>
internal sealed class Turns
{
    private readonly List<Turn> ready = [];
    private readonly ConditionalWeakTable<IRunnable, Turn> known = [];
    private long others;

    public bool IsEmpty => ready.Count == 0;

    public void Add(IRunnable run)
    {
        var turn = run is Mailbox mailbox ? known.GetValue(mailbox, TurnOf) : new Turn(run, "", $"~{others++:D12}");
        int at = ready.BinarySearch(turn, ByName.Instance);
        ready.Insert(at < 0 ? ~at : at, turn);
    }

    /// <summary>Takes out one of those that may go on; null when none may.</summary>
    public Turn? Take(Dice dice, Predicate<Turn> mayGoOn)
    {
        int count = 0;
        foreach (var turn in ready)
            count += mayGoOn(turn) ? 1 : 0;
        if (count == 0)
            return null;
        int skip = count == 1 ? 0 : dice.Below(count);
        int at = ready.FindIndex(turn => mayGoOn(turn) && skip-- == 0);
        var taken = ready[at];
        ready.RemoveAt(at);
        return taken;
    }

    private static Turn TurnOf(IRunnable run)
    {
        var elements = ActorOf((Mailbox)run).Self.Path.Elements;
        return new Turn(run, elements is ["user", var node, ..] ? node : "", string.Join('/', elements));
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Actor")]
    private static extern ActorCell ActorOf(Mailbox mailbox);

    /// <param name="Node">The first name under <c>/user</c>; empty for the system's own actors.</param>
    internal sealed record Turn(IRunnable Run, string Node, string Name);

    private sealed class ByName : IComparer<Turn>
    {
        public static readonly ByName Instance = new();

        public int Compare(Turn? x, Turn? y) => string.CompareOrdinal(x!.Name, y!.Name);
    }
}
