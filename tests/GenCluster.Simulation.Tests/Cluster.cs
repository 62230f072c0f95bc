using Akka.Actor;
using GenCluster.Actors.Coordination;
using GenCluster.Actors.Protocol;
using GenCluster.Actors.Workers;
using GenCluster.Core.Identity;
using GenCluster.Core.Sweeps;
using GenCluster.Simulation.Tests.Engine;
using GenCluster.Simulation.Tests.Training;

namespace GenCluster.Simulation.Tests;

/// <summary>The processes: a coordinator that is started again when it is gone, workers, and the user's face.</summary>
internal sealed class Cluster(Simulation simulation)
{
    private static readonly TimeSpan SubmitInterval = TimeSpan.FromSeconds(3);

    private readonly Dictionary<string, Node> nodes = [];
    private readonly Dictionary<string, SimulatedRun.Starter> runs = [];
    private readonly List<Node> coordinators = [];
    private readonly Node?[] workers = new Node?[simulation.Scenario.Workers];
    private readonly Dice dice = new(simulation.Seed, "cluster");
    private int generation;
    private bool isAccepted;

    /// <summary>All that were ever started, the newest last.</summary>
    public IReadOnlyList<Node> Coordinators => coordinators;

    /// <summary>The newest coordinator, if it lives.</summary>
    public Node? Coordinator => coordinators[^1] is { IsAlive: true } newest ? newest : null;

    /// <summary>By place; null where no worker lives.</summary>
    public IReadOnlyList<Node?> Workers => workers;

    public IEnumerable<Node> LivingWorkers => workers.OfType<Node>();

    /// <summary>Whether no worker runs anything.</summary>
    public bool IsAtRest => LivingWorkers.All(w => runs[w.Name].Newest is null or { HasEnded: true });

    public Node? Find(string name) => nodes.GetValueOrDefault(name);

    public SimulatedRun? WorkerOf(string node) => runs.GetValueOrDefault(node)?.Newest;

    public void Begin()
    {
        StartCoordinator();
        for (int i = 0; i < workers.Length; i++)
        {
            int place = i;
            simulation.World.Timeline.In(dice.Milliseconds(0, simulation.Scenario.StartTime.TotalMilliseconds), () => EnsureWorker(place));
        }
    }

    public void StartCoordinator()
    {
        var node = Add($"c{coordinators.Count + 1}");
        coordinators.Add(node);
        var scenario = simulation.Scenario;
        var settings = new CoordinatorSettings(scenario.ExpectedWorkers, TimeSpan.FromSeconds(3), scenario.LeaseTime, node.Name);
        node.Voice = simulation.World.System.ActorOf(OfficeActor.PropsFor(settings), node.Name);
        Submit(node);
        if (scenario.IsWatched)
            node.In(SubmitInterval, () => node.Voice.Tell(new Local.Watch(scenario.Sweep, Face(node)), ActorRefs.NoSender));
    }

    private void StartWorker(int place)
    {
        var node = Add($"w{place + 1}-{++generation}");
        workers[place] = node;
        var starter = runs[node.Name] = new SimulatedRun.Starter(simulation, node);
        var settings = new WorkerSettings(
            new WorkerId($"w{place + 1}"), new Dice(simulation.Seed, node.Name).Guid(), [$"akka://{simulation.World.System.Name}"], "cpu", "127.0.0.1", 4000 + place);
        node.Voice = simulation.World.System.ActorOf(Props.CreateBy(new WorkerProducer(settings, starter)), node.Name);
    }

    /// <summary>The process is gone, from one instruction to the next.</summary>
    public void Kill(Node node, string how)
    {
        if (!node.IsAlive)
            return;
        simulation.Trace.Note("dies", node.Name, "", how);
        bool ruled = node == Coordinator;
        node.Die();
        simulation.World.System.Stop(node.Voice);
        int place = Array.IndexOf(workers, node);
        if (place >= 0)
            workers[place] = null;
        IEnumerable<Node> others = place >= 0 ? coordinators : workers.OfType<Node>();
        foreach (var other in others.Where(o => o.IsAlive))
        {
            if (dice.Chance(0.7)) // else its whole machine is gone, and nobody closes anything
                simulation.World.Timeline.In(dice.Milliseconds(0, 100), () => simulation.Network.Disconnect(other, node));
        }

        if (ruled)
            simulation.World.Timeline.In(dice.Milliseconds(200, 4_000), EnsureCoordinator);
    }

    /// <summary>Starts what is missing, and wakes what sleeps; of coordinators there is to be one.</summary>
    public void Heal()
    {
        foreach (var old in coordinators.SkipLast(1))
            Kill(old, "replaced");
        EnsureCoordinator();
        foreach (var node in nodes.Values.Where(n => n.IsFrozen).ToArray())
            Thaw(node);
        for (int place = 0; place < workers.Length; place++)
            EnsureWorker(place);
    }

    /// <summary>Starts a worker where there is none.</summary>
    public void EnsureWorker(int place)
    {
        if (workers[place] is null)
            StartWorker(place);
    }

    public void Freeze(Node node)
    {
        simulation.Trace.Note("freezes", node.Name);
        node.Freeze();
    }

    public void Thaw(Node node)
    {
        if (!node.IsFrozen)
            return;
        simulation.Trace.Note("thaws", node.Name);
        node.Thaw();
    }

    /// <summary>A worker is asked to leave; its process ends when it has, or when its grace is over.</summary>
    public void Leave(Node worker, TimeSpan grace)
    {
        simulation.Trace.Note("leaves", worker.Name);
        worker.Voice.Tell(WorkerActor.Leave.Instance, new Ear(simulation.World, "supervisor", _ => worker.In(TimeSpan.Zero, () => Kill(worker, "left"))));
        worker.In(grace, () => Kill(worker, "its grace is over"));
    }

    /// <summary>The coordinator is asked to stop.</summary>
    public void Drain(Node coordinator, TimeSpan grace)
    {
        simulation.Trace.Note("drains", coordinator.Name);
        coordinator.Voice.Tell(FromFace.DrainAll.Instance, new Ear(simulation.World, "host", _ => coordinator.In(TimeSpan.Zero, () => Kill(coordinator, "drained"))));
        coordinator.In(grace, () => Kill(coordinator, "its grace is over"));
    }

    /// <summary>Asks something of the sweep, or of one of its trials, once: it may be lost.</summary>
    public void Ask(Verb verb, int? trial)
    {
        if (Coordinator is not { } node)
            return;
        node.Do(() =>
        {
            simulation.Trace.Note("asks", "person", node.Name, $"{verb} {trial}");
            node.Voice.Tell(new FromFace.Control(simulation.Scenario.Sweep, trial, verb, "sim"), Face(node));
        });
    }

    private void EnsureCoordinator()
    {
        if (Coordinator is null)
            StartCoordinator();
    }

    private Node Add(string name)
    {
        simulation.Trace.Note("starts", name);
        return nodes[name] = new Node(simulation.World.Timeline, name);
    }

    private void Submit(Node coordinator) => coordinator.Do(() =>
    {
        if (isAccepted)
            return;
        coordinator.Voice.Tell(new FromFace.Submit(simulation.Scenario.Spec), Face(coordinator));
        coordinator.In(SubmitInterval, () => Submit(coordinator));
    });

    private Ear Face(Node coordinator) => new(simulation.World, $"face-{coordinator}", message =>
    {
        if (!coordinator.IsAlive)
            return;
        switch (message)
        {
            case ToFace.Submitted m:
                isAccepted = true;
                simulation.Audit.Check(m.Refusal is null, $"the sweep is refused: {m.Refusal}");
                simulation.Audit.Submitted(simulation.Scenario.Sweep);
                break;
            case SweepView view:
                simulation.Audit.Shown(view);
                break;
        }
    });

    private sealed class WorkerProducer(WorkerSettings settings, IRunStarter starter) : IIndirectActorProducer
    {
        public Type ActorType => typeof(WorkerActor);

        public ActorBase Produce() => new WorkerActor(settings, starter);

        public void Release(ActorBase actor)
        {
        }
    }
}
