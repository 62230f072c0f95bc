using System.Net;
using GenCluster.Collectives.Gangs;
using GenCluster.Collectives.Tree;
using GenCluster.Core.Randomness;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Training;
using GenCluster.Core.Trials;
using GenCluster.Training.Checkpoints;
using GenCluster.Training.Loop;

namespace GenCluster.Training.Runner;

/// <summary>One run of one trial by one member of its gang, from the order to the outcome.</summary>
internal sealed class TrialRun(
    TrialOrder order, ITrialObserver observer, RunControl control, RunnerOptions options, ITrialMaterials materials, TimeProvider clock)
{
    private static readonly TimeSpan DrainPoll = TimeSpan.FromMilliseconds(100);

    private TrialDefinition Definition => order.Definition;

    private TrainingSpec Training => order.Definition.Training;

    private bool Leads => order.Member == 0;

    /// <summary>The trial's folder: <c>runs/sweep/trials/0001</c>.</summary>
    public static string FolderOf(TrialDefinition definition, RunnerOptions options) =>
        Path.Combine(options.RunsDirectory, definition.Trial.Sweep.Value, "trials", $"{definition.Trial.Number:D4}");

    public RunOutcome Execute()
    {
        TorchRuntime.UseThreads(Training.Threads);
        var device = TorchRuntime.Choose(Definition.Resources.Device, options.Device);
        string numerics = Numerics.Describe(device, Training.Threads);
        string folder = FolderOf(Definition, options);
        var store = materials.OpenCheckpoints(Path.Combine(folder, "checkpoints"));
        var images = materials.OpenImages(Definition.Data, control.Aborted);

        using var model = TorchGenerator.Use(
            Training.Seed, new StreamAddress(StreamPurpose.Initialization), () => materials.CreateModel(Definition, images));
        using var state = new TrainingState(model, device);
        var loaded = Resumption.Load(state, store, order.Checkpoints, numerics, Leads ? observer.Warned : _ => { });
        var whole = order.Checkpoints.SkipWhile(manifest => manifest != loaded);
        using var leader = Leads ? Leader(state, images, new CheckpointKeeper(store, numerics, [.. whole], control), folder) : null;

        using var gang = JoinGang(state);
        if (gang is null)
            return new RunOutcome.Drained(state.Step);
        using var abort = control.Aborted.Register(gang.Abort);
        using var trainer = new Trainer(state, Training, images.Training, gang);

        observer.Started(state.Step);
        leader?.Begin(loaded);
        Train(state, trainer, leader, alone: gang.Plan.Members == 1);
        return Conclude(state, leader);
    }

    private void Train(TrainingState state, Trainer trainer, LeaderDuties? leader, bool alone)
    {
        var meter = new ProgressMeter(observer, clock, state.Step, Training.Steps);
        bool stop = alone && control.DrainRequested;
        while (state.Step < Training.Steps && !stop)
        {
            // Members hear of a drain at different times; the vote travels with the gradients, so all stop after the same step.
            var result = trainer.Step(control.DrainRequested, control.Aborted);
            meter.Note(result);
            leader?.AfterStep(result);
            stop = result.Stop;
        }
    }

    private RunOutcome Conclude(TrainingState state, LeaderDuties? leader)
    {
        leader?.Checkpoint();
        if (state.Step < Training.Steps)
            return new RunOutcome.Drained(state.Step);
        leader?.Finish();
        return new RunOutcome.Completed(state.Step, WeightsFile.Sha256(state));
    }

    private LeaderDuties Leader(TrainingState state, TrialImages images, CheckpointKeeper checkpoints, string folder) => new(
        Definition, state, images.Training, materials.CreateEvaluator(Definition, images, state.Device), materials.OpenArtifacts(folder),
        checkpoints, observer, control.Aborted);

    /// <returns>Null when a drain came while peers were awaited.</returns>
    private IGang? JoinGang(TrainingState state)
    {
        var plan = GangPlan.Even(Training.Shards, order.Members.Length, Trainer.VectorLengths(state));
        if (plan.Members == 1)
            return new SoloGang(plan);

        var listener = options.Listener
            ?? throw new TrainingFailedException(FailureClass.UserError, "this worker has no data plane and cannot join a gang; give it a port for one");
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(control.Aborted);
        using var poll = clock.CreateTimer(_ => CancelIfDraining(waiting), null, DrainPoll, DrainPoll);
        try
        {
            return TcpGang.Join(Invitation(plan), listener, options.Gang, waiting.Token);
        }
        catch (OperationCanceledException) when (control.DrainRequested && !control.Aborted.IsCancellationRequested)
        {
            return null;
        }
    }

    private void CancelIfDraining(CancellationTokenSource waiting)
    {
        try
        {
            if (control.DrainRequested)
                waiting.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The gang is complete; the timer was a moment late.
        }
    }

    private GangInvitation Invitation(GangPlan plan) => new()
    {
        Trial = order.Lease.Trial.ToString(),
        Epoch = order.Lease.Epoch,
        Member = order.Member,
        EndPoints = [.. order.Members.Select(member => new IPEndPoint(AddressOf(member), member.Port))],
        Secret = order.Secret,
        Plan = plan,
    };

    private static IPAddress AddressOf(GangMember member) =>
        IPAddress.TryParse(member.Host, out var address) ? address : Dns.GetHostAddresses(member.Host)[0];
}
