using GenCluster.Collectives.Feeds;
using GenCluster.Collectives.Gangs;
using GenCluster.Core.Checkpoints;
using GenCluster.Core.Identity;
using GenCluster.Core.Randomness;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Training;
using GenCluster.Core.Trials;
using GenCluster.Training.Checkpoints;
using GenCluster.Training.Elastic;
using GenCluster.Training.Loop;
using GenCluster.Training.Metering;
using GenCluster.Training.Native;
using GenCluster.Training.Tracing;
using static TorchSharp.torch;

namespace GenCluster.Training.Runner;

/// <summary>
/// One run of one trial by one worker, from the first order to the outcome. The gang around it may change any number of
/// times: the state stays in memory, and each new order says with whom to go on. Where gradients are encoded, a gang that breaks
/// leaves a state that nobody can go on with (<see cref="Handover"/>); the run is over then, and another begins from the checkpoint.
/// </summary>
internal sealed class TrialRun : IDisposable
{
    private const string Checkpoints = "checkpoints";

    private readonly ITrialObserver observer;
    private readonly RunControl control;
    private readonly RunnerOptions options;
    private readonly ITrialMaterials materials;
    private readonly TimeProvider clock;
    private readonly TrialDefinition definition;
    private readonly Device device;
    private readonly string folder;
    private readonly string numerics;
    private readonly TrialImages images;
    private readonly Lazy<IEvaluator> evaluator;
    private readonly Models.GenerativeModel model;
    private readonly TrainingState state;
    private readonly Trainer trainer;
    private readonly CheckpointKeeper checkpoints;
    private readonly PictureQueue pictures;
    private Position resumedAt;

    public TrialRun(TrialOrder order, ITrialObserver observer, RunControl control, RunnerOptions options, ITrialMaterials materials, TimeProvider clock)
    {
        (this.observer, this.control, this.options, this.materials, this.clock) = (observer, control, options, materials, clock);
        definition = order.Definition;
        TorchRuntime.UseThreads(Training.Threads);
        device = TorchRuntime.Choose(definition.Resources.Device, options.Device);
        TorchRuntime.UsePrecision(Training.Precision, device);
        numerics = Numerics.Describe(device, Training.Threads);
        folder = FolderOf(definition.Trial, options);
        images = materials.OpenImages(definition.Data, control.Aborted);
        evaluator = new(() => materials.CreateEvaluator(definition, images, device));
        model = TorchGenerator.Use(
            Training.Seed, new StreamAddress(StreamPurpose.Initialization), () => materials.CreateModel(definition, images));
        state = new TrainingState(model, device, Training.Shards, rounds: Training.Diloco is not null, overlaps: Overlaps, coded: Training.Compression is not null);
        trainer = new Trainer(state, Training, images.Training);
        trainer.Clock.Pulse = control.Pulse;
        trainer.Clock.Meters = options.Meters;
        checkpoints = new CheckpointKeeper(numerics, observer, control, options.Meters);
        pictures = new PictureQueue(control);
    }

    private TrainingSpec Training => definition.Training;

    // On a CPU it gains nothing, and on a GPU the copies to the host would have to wait for the device.
    private bool Overlaps => Training.Overlap is Overlap.On && device.type is TorchSharp.DeviceType.CPU;

    private string CheckpointFolder => Path.Combine(folder, Checkpoints);

    /// <summary>The trial's folder: <c>runs/sweep/trials/0001</c>.</summary>
    public static string FolderOf(TrialId trial, RunnerOptions options) =>
        Path.Combine(options.RunsDirectory, trial.Sweep.Value, "trials", $"{trial.Number:D4}");

    /// <param name="order">The order to begin with; afterwards the one that another run has to begin with.</param>
    /// <returns>The outcome; null when another run has to begin.</returns>
    public RunOutcome? Execute(ref TrialOrder order)
    {
        if (order.Member >= 0)
            Resume(order);
        while (true)
        {
            if (Obey(order) is { } outcome)
                return outcome;
            if (control.WaitForOrder(mayDrain: state.Position == resumedAt) is not { } next)
                return new RunOutcome.Drained(state.Step);
            order = next;
            if (order.Member >= 0 && !Training.CanBeHandedOn(state.Position))
                return null;
        }
    }

    public void Dispose()
    {
        trainer.Dispose();
        state.Dispose();
        model.Dispose();
        if (evaluator.IsValueCreated)
            evaluator.Value.Dispose();
    }

    private void Resume(TrialOrder order)
    {
        var warn = order.Member == 0 ? observer.Warned : (Action<string>)(_ => { });
        if (Resumption.Load(state, OpenCheckpoints(order), order.Checkpoints, numerics, warn, options.Meters) is null && definition.Origin is { } origin)
            Inherit(origin);
        resumedAt = state.Position;
    }

    /// <summary>Begins from another trial's checkpoint, which lies in that trial's store.</summary>
    private void Inherit(TrialOrigin origin)
    {
        string parent = Path.Combine(FolderOf(origin.Trial, options), Checkpoints);
        var store = materials.OpenCheckpoints(parent, new Lease(origin.Trial, 0), control.Aborted);
        if (origin.WeightsOnly)
            TrainingCheckpoint.LoadWeights(state, store, origin.Manifest);
        else
            TrainingCheckpoint.Load(state, store, origin.Manifest, numerics);
    }

    private ICheckpointStore OpenCheckpoints(TrialOrder order) => materials.OpenCheckpoints(CheckpointFolder, order.Lease, control.Aborted);

    /// <summary>Does what an order says until it is over.</summary>
    /// <returns>The outcome of the run; null when this worker waits for another order.</returns>
    private RunOutcome? Obey(TrialOrder order)
    {
        try
        {
            return order.Member < 0 ? Follow(order) : TakePart(order);
        }
        catch (Exception broken) when (broken is GangBrokenException or FeedBrokenException && !control.Aborted.IsCancellationRequested)
        {
            Tell(order, broken);
            return null;
        }
        catch (OperationCanceledException) when (control.PendingOrder is not null && !control.Aborted.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>Says that the gang broke, unless that is known already, and leaves its last collectives in a file.</summary>
    private void Tell(TrialOrder order, Exception broken)
    {
        var gang = broken as GangBrokenException;
        if (gang is { Log: { } log, Reason: not GangBreak.Aborted })
            Keep(order, $"{broken.Message}; waited for: {string.Join(", ", gang.WaitedFor)}\n{log.Dump()}");
        if (control.PendingOrder is null)
            observer.GangBroke(gang?.Peer, broken.Message);
    }

    private void Keep(TrialOrder order, string log)
    {
        try
        {
            string breaks = Path.Combine(folder, "breaks");
            Directory.CreateDirectory(breaks);
            File.WriteAllText(Path.Combine(breaks, $"epoch-{order.Lease.Epoch:D4}-member-{order.Member}.log"), log);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            observer.Warned($"what the gang did last could not be written down: {e.Message}"); // a help for people; the run does not need it
        }
    }

    /// <summary>Follows the gang's state until there is an order to take part.</summary>
    private RunOutcome? Follow(TrialOrder order)
    {
        new Follower(order, state, trainer, observer, control, options).Run();
        return null;
    }

    private RunOutcome? TakePart(TrialOrder order)
    {
        using var gang = new GangEntrance(order, state, options, control, clock).Enter(mayDrain: state.Position == resumedAt);
        if (gang is null)
            return new RunOutcome.Drained(state.Step);

        using var pinned = device.type is TorchSharp.DeviceType.CUDA
            ? PinnedMemory.TryPin(state.Memory.AddressOf(0), (nint)state.Memory.Capacity * sizeof(float))
            : null;
        using var abort = control.Aborted.Register(gang.Abort);
        using var superseded = control.Superseded.Register(gang.Abort);
        using var desk = new StateDesk(state, options.Listener, Invitations.ToFeed(order, state));
        trainer.Join(gang);
        new CatchUp(order, state, trainer, desk, options, control).Run();

        observer.Started(state.Step);
        TrainingTrace.Log.Gang(order.Lease.Trial.ToString(), order.Lease.Epoch, order.Member, order.Members.Length, state.Step);
        using var leader = order.Member == 0 ? Leader(order) : null;
        leader?.Begin();
        var steps = new StepMeter(options.Meters, definition.Trial, state, trainer.Clock, gang, clock);
        return new TrialLoop(order, state, trainer, gang, desk, leader, observer, control, clock, steps).Run();
    }

    private LeaderDuties Leader(TrialOrder order)
    {
        checkpoints.Lead(order, OpenCheckpoints(order));
        return new LeaderDuties(
            order, state, images.Training, evaluator.Value, materials.OpenArtifacts(folder), checkpoints, pictures, observer, control);
    }
}
