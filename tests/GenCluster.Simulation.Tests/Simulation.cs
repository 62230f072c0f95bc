using Akka.Actor;
using Akka.Event;
using GenCluster.Actors.Coordination;
using GenCluster.Actors.Persistence;
using GenCluster.Actors.Protocol;
using GenCluster.Actors.Sweeps;
using GenCluster.Core.Identity;
using GenCluster.Core.Trials;
using GenCluster.Search;
using GenCluster.Search.Planning;
using GenCluster.Simulation.Tests.Engine;
using GenCluster.Simulation.Tests.Faults;
using GenCluster.Simulation.Tests.Invariants;
using GenCluster.Simulation.Tests.Journal;
using GenCluster.Simulation.Tests.Network;
using GenCluster.Simulation.Tests.Training;

namespace GenCluster.Simulation.Tests;

/// <summary>What a simulation came to.</summary>
/// <param name="Violation">The promise that was broken; null when all were held.</param>
/// <param name="Table">The trials of the sweep and how they ended.</param>
/// <param name="Trace">The last events, for people; empty when nothing was violated.</param>
/// <param name="TraceHash">Over all events.</param>
/// <param name="Tally">How often each thing happened.</param>
internal sealed record SimulationResult(
    ulong Seed, string? Violation, string Table, string Trace, ulong TraceHash, int Events, int Poisoned, TimeSpan Duration,
    IReadOnlyDictionary<(string What, string Subject), int> Tally);

/// <summary>
/// One sweep from its submission to its end, with the real actors, in virtual time: all that goes wrong, and the order in
/// which things happen, follows from the seed.
/// </summary>
internal sealed class Simulation
{
    private const int MostEvents = 400_000;
    private static readonly TimeSpan RestTime = TimeSpan.FromSeconds(60);

    private readonly Mischief? mischief;
    private readonly Meddling? meddling;
    private readonly LedgerAudit ledger;
    private bool isHealed;

    private Simulation(ulong seed, World world, bool isDisturbed, PlantedBug? bug)
    {
        (Seed, World) = (seed, world);
        Dice = new Dice(seed, "turns");
        Scenario = new Scenario(seed);
        Trace = new Trace(world.Timeline);
        Journal = new SimulatedJournal(this) { AcknowledgesEarly = bug?.AcknowledgesEarly is true };
        Network = new SimulatedNetwork(this) { Tampering = bug?.Tampering is { } tamper ? (to, message) => tamper(this, to, message) : null };
        Gangs = new SimulatedGangs(this);
        Audit = new Audit(this);
        ledger = new LedgerAudit(this);
        Cluster = new Cluster(this);
        mischief = isDisturbed ? new Mischief(this) : null;
        meddling = isDisturbed ? new Meddling(this) : null;
    }

    public ulong Seed { get; }

    public World World { get; }

    public Scenario Scenario { get; }

    /// <summary>Whose turn it is.</summary>
    public Dice Dice { get; }

    public Trace Trace { get; }

    public SimulatedJournal Journal { get; }

    public SimulatedNetwork Network { get; }

    public BlobStore Blobs { get; } = new();

    public SimulatedGangs Gangs { get; }

    public Cluster Cluster { get; }

    public Audit Audit { get; }

    /// <summary>Trials that failed because workers were lost over them again and again.</summary>
    public int Poisoned { get; set; }

    public TimeSpan Now => World.Timeline.Now;

    public string? Violation { get; private set; }

    public bool IsOver { get; private set; }

    /// <param name="isDisturbed">False: nothing goes wrong.</param>
    public static SimulationResult Run(ulong seed, bool isDisturbed = true, PlantedBug? bug = null)
    {
        var world = World.Current;
        var simulation = new Simulation(seed, world, isDisturbed, bug);
        world.Run(simulation);
        var trace = simulation.Trace;
        string text = simulation.Violation is null ? "" : trace.ToString();
        return new(seed, simulation.Violation, simulation.Table(), text, trace.Hash, trace.Count, simulation.Poisoned, simulation.EndedAt, trace.Tally);
    }

    private TimeSpan EndedAt { get; set; }

    public void Begin()
    {
        Cluster.Begin();
        if (mischief is null)
            Heal();
        else
            mischief.Begin();
        meddling?.Begin();
    }

    /// <summary>Faults stop: from here on the sweep has to come to its end.</summary>
    public void Heal()
    {
        isHealed = true;
        Trace.Note("heals", "all");
        Journal.Troubles = JournalTroubles.None;
        Journal.IsDown = false;
        Network.Troubles = NetworkTroubles.None;
        Network.Heal();
        Cluster.Heal();
        meddling?.Leave();
        var spec = Scenario.Spec;
        var bound = TimeSpan.FromSeconds(240) + (spec.Search.MaxTrials * spec.Training.Steps * 4 * Scenario.StepTime);
        World.Timeline.In(bound, () => Audit.Check(Audit.End is not null, $"the sweep has not ended {bound.TotalSeconds:0} s after the last fault"));
        World.Timeline.In(bound + RestTime, () => Audit.Check(Cluster.IsAtRest, "workers still run when all is over"));
    }

    public void Violate(string promise)
    {
        Trace.Note("VIOLATES", "", "", promise);
        Violation ??= promise;
        IsOver = true;
    }

    public void AfterEvent()
    {
        if (Trace.Count > MostEvents)
            Violate($"no end after {MostEvents} events");
        if (!IsOver && isHealed && Audit.End is not null && Cluster.IsAtRest)
        {
            IsOver = true;
            CheckTable();
        }

        EndedAt = Now;
    }

    /// <summary>An actor has done something.</summary>
    public void AfterTurn(string node) => Cluster.WorkerOf(node)?.Look();

    public bool MayGoOn(Turns.Turn turn) => Cluster.Find(turn.Node) is not { IsFrozen: true };

    public Node? NodeOf(IActorRef actor) => actor.Path.Elements is ["user", var name, ..] ? Cluster.Find(name) : null;

    /// <summary>A message goes into a mailbox.</summary>
    public void Heard(IActorRef receiver, object message)
    {
        if (message is SweepActor.ForTrial && ((IInternalActorRef)receiver).Parent is { } parent)
            ledger.Heard(parent, message);
        else if (message is Local.ReleaseGang or Local.ReleaseMember or Local.ClaimIsOver)
            ledger.Heard(receiver, message);
    }

    /// <summary>A worker says something at the coordinator's address.</summary>
    public void Knock(object message, IActorRef sender)
    {
        if (NodeOf(sender) is not { } worker)
            return;
        foreach (var coordinator in Cluster.Coordinators.Where(c => c.IsAlive))
            Network.Reference(worker, coordinator, coordinator.Voice).Tell(message, sender);
    }

    public void Kill(Node node, string how) => Cluster.Kill(node, how);

    public void Errors(Error error)
    {
        bool isExpected = error.Cause is null || error.Cause.GetBaseException() is SimulatedFailureException; // without a cause it is a sentence for people
        if (!isExpected && Cluster.Find(World.Acting) is { IsAlive: true })
            Violate($"an actor of {World.Acting} fails: {error.Message} {error.Cause}");
    }

    /// <summary>Where a coordinator has been superseded, the host ends the process.</summary>
    public void OfficeIsLost(OfficeLost lost)
    {
        if (Cluster.Find(World.Acting) is { IsAlive: true } node)
            node.In(Dice.Milliseconds(0, 300), () => Kill(node, lost.Reason));
    }

    /// <summary>Whether what an actor publishes reaches another: each process has an event stream of its own.</summary>
    public bool Reaches(IActorRef receiver, object message) =>
        message is not (JournalFailed or OfficeLost) || NodeOf(receiver)?.Name == World.Acting;

    private string Table() => string.Join('\n', Audit.Outcomes.OrderBy(o => o.Key).Select(o => RowOf(o.Key, Audit.Proposals[o.Key].Assignment, o.Value)));

    private static string RowOf(int number, Core.Parameters.Assignment assignment, TrialOutcome outcome) =>
        outcome.Phase is TrialPhase.Succeeded
            ? $"{number} {assignment} {outcome.Objective} {outcome.Untrained} {outcome.Steps} {outcome.WeightsSha256}"
            : $"{number} {assignment} {outcome.Phase} {outcome.Failure}";

    /// <summary>The table is that of the sweep when nothing disturbs it, but for trials that lost too many workers.</summary>
    private void CheckTable()
    {
        var spec = Scenario.Spec;
        var history = new Core.Search.SearchHistory(spec.Parameters, spec.Objective, []);
        foreach (var proposal in Samplers.Find(spec.Search.Algorithm)!.Propose(history, spec.Search.MaxTrials, spec.Random()))
        {
            var outcome = Learning.Outcome(TrialDefinition.Of(spec, new TrialId(Scenario.Sweep, proposal.Number), proposal.Assignment));
            string expected = RowOf(proposal.Number, proposal.Assignment, outcome);
            var found = Audit.Outcomes[proposal.Number];
            string actual = RowOf(proposal.Number, Audit.Proposals[proposal.Number].Assignment, found);
            Audit.Check(actual == expected || found.Failure is FailureClass.Lost, $"the table says\n{actual}\nand undisturbed it says\n{expected}");
        }
    }
}

/// <summary>An error that is put between the actors and the world, to see that it is found.</summary>
/// <param name="AcknowledgesEarly">The journal says that all is written before it is.</param>
/// <param name="Tampering">What arrives at a node in a message's place.</param>
internal sealed record PlantedBug(bool AcknowledgesEarly = false, Func<Simulation, Node, IWire, IWire>? Tampering = null);
