using GenCluster.Actors.Protocol;
using GenCluster.Core.Checkpoints;
using GenCluster.Core.Coordination;
using GenCluster.Core.Identity;
using GenCluster.Core.Parameters;
using GenCluster.Core.Placement;
using GenCluster.Core.Search;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Training;
using GenCluster.Core.Trials;

namespace GenCluster.Actors.Tests.Support;

/// <summary>One example of each type that is written to a wire or a journal.</summary>
internal static class Samples
{
    public static readonly SweepId Sweep = new("fashion");
    public static readonly TrialId Trial = new(Sweep, 3);
    public static readonly Lease Lease = new(Trial, 7);
    public static readonly WorkerId Worker = new("worker-1");
    public static readonly Guid Instance = new("00010203-0405-0607-0809-0a0b0c0d0e0f");

    public static readonly CheckpointManifest Manifest = new(
        200, [new BlobRef("generator.weights", new string('a', 64), 1234), new BlobRef("generator.optimizer", new string('b', 64), 2468)], "cpu threads=1");

    public static readonly MetricReport Report = new(200, [new Metric("swd", 12.5)]);

    public static readonly TrialOutcome Outcome = new(TrialPhase.Succeeded, 12.5, 99.25, 600, new string('c', 64), null, "");

    public static readonly Ruling Ruling = new(200, "below the best third of 9 at step 200", 12.5, 9, 10.25);

    public static readonly TrialOrigin Origin = new(new TrialId(Sweep, 1), Manifest);

    public static readonly Assignment Assignment = new(
    [
        new("latent", ParameterValue.Of(64)), new("loss", ParameterValue.Of("hinge")), new("optimizer.beta1", ParameterValue.Of(0.5)), new("flag", ParameterValue.Of(true)),
    ]);

    public static SweepSpec Spec(int maxTrials = 2, int parallelTrials = 2, int minWorkers = 1, int maxWorkers = 1, int shards = 1, int maxFailedTrials = 9) => new(
        Sweep.Value,
        new TrainableSpec("dcgan", new Assignment([new("latent", ParameterValue.Of(64))])),
        new DataSpec("fashion-mnist-sample", null, 32, 1000),
        new TrainingSpec(600, 64, shards, 200, 100, 7, 1),
        new EvaluationSpec(512, 16, 128),
        new ObjectiveSpec("swd", Goal.Minimize),
        new SearchSpec("random", maxTrials, parallelTrials),
        new ParameterSpace(
        [
            new("loss", new Categorical([ParameterValue.Of("hinge"), ParameterValue.Of("least-squares")], [0.25, 0.75])),
            new("optimizer.beta1", new Uniform(0, 0.9)),
            new("optimizer.generator.learningRate", new LogUniform(1e-5, 1e-2)),
            new("latent", new IntUniform(16, 64)),
            new("flag", new Constant(ParameterValue.Of(true))),
        ]),
        new ResourceSpec(minWorkers, maxWorkers, "auto"),
        new BudgetSpec(maxFailedTrials));

    public static readonly TrialOrder Order = new(
        Lease, TrialDefinition.Of(Spec(), Trial, Assignment), [new GangMember(Worker, "127.0.0.1", 4100)], 0, [.. Enumerable.Range(0, 32).Select(i => (byte)i)], [Manifest], true, [0, 200], 400);

    public static readonly object[] All =
    [
        new FromWorker.Hello(3, Worker, Instance, "cpu", "127.0.0.1", 4100, Lease, new DeviceMemory("cuda 0", 25_769_803_776), 6),
        new FromWorker.Heartbeat(Worker, Instance, null, 6, 12),
        new FromWorker.Goodbye(Worker, Instance),
        new FromWorker.RunStarted(Lease, 100),
        new FromWorker.RunProgressed(Lease, new StepProgress(150, 12.5, [new Metric("generator.loss", 0.75)])),
        new FromWorker.RunPictured(Lease, 200, new SamplePicture(2, 2, 1, [0, 64, 128, 255])),
        new FromWorker.RunWarned(Lease, "a warning"),
        new FromWorker.EvaluationReported(Lease, Report),
        new FromWorker.CheckpointStored(Lease, Manifest),
        new FromWorker.RunEnded(Lease, 0, new RunOutcome.Completed(600, new string('c', 64))),
        new FromWorker.GangBroke(Lease, 1, "the connection to worker-2 closed"),
        new FromWorker.JoinerReady(Lease, 250),
        new FromWorker.MemberMeasured(Lease, new MemberMeasure(250, 0.03125, 0.001, 0.25)),
        new ToWorker.Welcome(5),
        new ToWorker.Rejected("a reason"),
        new ToWorker.HeartbeatAck(5, true, 12),
        new ToWorker.RunTrial(5, Order),
        new ToWorker.StopRun(5, Lease, true, true),
        new ToWorker.ReportAccepted(Lease, 200),
        new ToWorker.CheckpointAccepted(Lease, 200, [Manifest], 200),
        new ToWorker.OutcomeAccepted(Lease),
        new ToWorker.LeaseOver(Lease),
        new FromFace.Hail(),
        new FromFace.Submit(Spec()),
        new FromFace.Control(Sweep, 3, Verb.Stop, "ada"),
        new FromFace.Explain(Sweep, 3),
        new FromFace.Edit(Sweep, 1, Spec(maxTrials: 4), "ada"),
        new FromFace.DrainAll(),
        new ToFace.Ruling(5),
        new ToFace.Submitted("a reason", true),
        new ToFace.Controlled("a reason"),
        new ToFace.Explained(ToFace.Standing.Waits, "a reason", new ToFace.Needs(2, 4, "cuda", 8_000_000_000, 5, "vision"), [new("worker-1")], 3, 1),
        new ToFace.Edited("a reason", 2),
        new ToFace.Drained(),
        new ToShelf.PutPiece(Trial, 7, new string('a', 64), 5, 0, [1, 2, 3, 4, 5]),
        new ToShelf.GetPiece(Trial, 7, new string('a', 64), 0),
        new ToShelf.List(Trial, 7, new string('a', 64)),
        new ToShelf.Remove(Trial, 7, new string('a', 64)),
        new FromShelf.PieceStored(3, true),
        new FromShelf.BeginAgain(),
        new FromShelf.Piece(5, [1, 2, 3, 4, 5]),
        new FromShelf.Missing(),
        new FromShelf.Page([new ShelfEntry(7, new string('a', 64))], true),
        new FromShelf.Removed(),
        new FromShelf.Refused("a reason", true),
        new BlobBegun(7, new string('a', 64), 5),
        new BlobCompleted(7, new string('a', 64)),
        new BlobRemoved(7, new string('a', 64)),
        new BlobPiece([1, 2, 3, 4, 5]),
        new CheckpointPinned("trial-9", Manifest),
        new CheckpointReleased("trial-9"),
        new CoordinatorStarted(5),
        new SweepRegistered(Sweep),
        new SweepSubmitted(Sweep, Spec()),
        new TrialProposed(3, Assignment, 200),
        new SearchExhausted(),
        new TrialReported(3, Report),
        new TrialJudged(3, Ruling),
        new TrialArrived(3, 200),
        new TrialMoved(new Move.Replace(3, Ruling, 1, 200, Assignment, 400), 4),
        new TrialInherited(4, Origin),
        new TrialWeaned(4),
        new EvidenceTaken([Assignment], [[12.5]], Origin with { WeightsOnly = true }),
        new TargetReached(3, "trial 3 reached the target"),
        new SweepControlled(Verb.Pause, 3, "ada", SweepPhase.Stopping),
        new SweepEdited(2, Spec(maxTrials: 4), "ada"),
        new TrialEnded(3, Outcome),
        new SweepHalted("no space left"),
        new SweepResumed(),
        new SweepEnded(SweepPhase.Succeeded, "stopped by ada"),
        new TrialCreated(TrialDefinition.Of(Spec(), Trial, Assignment)),
        new TrialPaused(7, 200, 1_800_000_000_000),
        new TrialContinued(400),
        new TrialHeld(),
        new TrialFreed(),
        new TrialStopping("stopped by ada"),
        new TrialReopened(1),
        new LeaseGranted(7, [Worker, new WorkerId("worker-2")], 1_800_000_000_000),
        new GangChanged(8, [Worker], FailureClass.Lost, "worker-2 was lost", 250, 1_800_000_000_000),
        new LeaseEnded(7, FailureClass.OutOfMemory, "the device has too little memory", Worker, TimeSpan.FromSeconds(5), IsSpared: true, TakesRestart: true, 1_800_000_000_000),
        new MetricsReported(7, Report),
        new CheckpointCommitted(7, Manifest),
        new TrialConcluded(7, Outcome),
        new StallsForgiven(),
    ];
}
