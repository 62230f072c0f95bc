using GenCluster.Core.Trials;

namespace GenCluster.Core.Metrics;

/// <summary>What a worker serves of its run, its checkpoints and what it trains. Values with a trial are of the one it works on.</summary>
public static partial class MetricCatalogue
{
    public static readonly MetricDefinition WorkerAttached = Gauge("worker_attached", "1 or 0", Worker, "Whether the worker has a coordinator");

    public static readonly MetricDefinition WorkerRunning = Gauge("worker_running", "1 or 0", Worker, "Whether the worker works on a trial");

    public static readonly MetricDefinition HeartbeatDelaySeconds = Histogram(
        "heartbeat_delay_seconds", "seconds", Buckets.Delay, Worker, "How much later than it should the worker came to its heartbeat");

    public static readonly MetricDefinition OutboxUnackedResults = Gauge(
        "outbox_unacked_results", "messages", Worker, "Evaluations, checkpoints and ends of runs that the coordinator has not acknowledged");

    public static readonly MetricDefinition TrainerRestarts = Counter(
        "trainer_restarts", "runs", Worker, "Runs that broke on this worker, by what failed", MetricLabel.Closed<FailureClass>("cause"));

    public static readonly MetricDefinition Steps = Counter("steps", "steps", Worker, "Steps trained");

    public static readonly MetricDefinition Samples = Counter("samples", "samples", Worker, "Training samples that this worker computed gradients of");

    public static readonly MetricDefinition StepSeconds = Histogram(
        "step_seconds", "seconds", Buckets.Step, Worker, "How long a step spends in each of its phases; allreduce is the exchange of gradients and the wait for others",
        MetricLabel.Closed("phase", "data", "forward", "backward", "allreduce", "optim"));

    public static readonly MetricDefinition LastProgress = Gauge(
        "last_progress_timestamp_seconds", "seconds since 1970", Worker, "When the last step was finished, or the run began", MetricLabel.Sweep, MetricLabel.Trial);

    public static readonly MetricDefinition RunStarted = Gauge(
        "run_started_timestamp_seconds", "seconds since 1970", Worker, "When the run began", MetricLabel.Sweep, MetricLabel.Trial);

    public static readonly MetricDefinition RunStep = Gauge("run_step", "steps", Worker, "The last step that this worker finished", MetricLabel.Sweep, MetricLabel.Trial);

    public static readonly MetricDefinition ShardSeconds = Gauge(
        "shard_seconds", "seconds", Worker, "Computing one shard of a step, on average over the last seconds: what tells slow members of a gang",
        MetricLabel.Sweep, MetricLabel.Trial);

    public static readonly MetricDefinition GpuMemory = Optional(Gauge(
        "gpu_memory_bytes", "bytes", Worker, "Memory of the worker's GPU, where it has one", MetricLabel.Closed("kind", "used", "free", "total")));

    public static readonly MetricDefinition CheckpointLastSuccess = Gauge(
        "checkpoint_last_success_timestamp_seconds", "seconds since 1970", Worker, "When this worker, which leads the gang, stored the last checkpoint",
        MetricLabel.Sweep, MetricLabel.Trial);

    public static readonly MetricDefinition CheckpointIntervalSteps = Gauge(
        "checkpoint_interval_steps", "steps", Worker, "The steps from one checkpoint to the next, on the leader of the gang", MetricLabel.Sweep, MetricLabel.Trial);

    public static readonly MetricDefinition CheckpointSeconds = Histogram(
        "checkpoint_seconds", "seconds", Buckets.Storage, Worker,
        "Storing a checkpoint's blobs, waiting until the coordinator has it in its journal, and reading one back",
        MetricLabel.Closed("phase", "store", "commit", "load"));

    public static readonly MetricDefinition CheckpointBytes = Histogram(
        "checkpoint_bytes", "bytes", Buckets.Bytes, Worker, "The size of a checkpoint");

    public static readonly MetricDefinition CheckpointFailures = Counter(
        "checkpoint_failures", "checkpoints", Worker, "Checkpoints that could not be stored, read or used", MetricLabel.Closed<CheckpointFailure>("reason"));

    public static readonly MetricDefinition BlobCorrupt = Counter("blob_corrupt", "blobs", Worker, "Stored blobs whose content is not what was stored");

    public static readonly MetricDefinition Loss = Gauge(
        "loss", "the loss's own", Worker, "The loss of each of a model's networks that has one of its own",
        MetricLabel.Sweep, MetricLabel.Trial, MetricLabel.Closed("phase", "discriminator", "generator", "elbo", "denoiser", "other"));

    public static readonly MetricDefinition GanLoss = Gauge("gan_loss", "the loss's own", Worker, "A GAN's losses", MetricLabel.Sweep, MetricLabel.Trial, Net);

    public static readonly MetricDefinition GanScore = Gauge(
        "gan_discriminator_score", "ratio", Worker,
        "How sure the discriminator is that images are real, from 0 to 1, of real ones and of generated ones; 0.5 is undecided. Not for wasserstein-gp, whose scores have no bounds",
        MetricLabel.Sweep, MetricLabel.Trial, MetricLabel.Closed("on", "real", "fake"));

    public static readonly MetricDefinition GanGradNorm = Gauge(
        "gan_grad_norm", "the gradient's own", Worker, "The norm of a network's gradient", MetricLabel.Sweep, MetricLabel.Trial, Net);

    public static readonly MetricDefinition GanSampleDiversity = Gauge(
        "gan_sample_diversity", "ratio", Worker,
        "The mean distance between two generated images of the sample grid, on the leader: root mean square over pixels from 0 to 1. Falls when modes are lost",
        MetricLabel.Sweep, MetricLabel.Trial);

    public static readonly MetricDefinition GanNonFinite = Counter("gan_nonfinite", "runs", Worker, "Runs that ended because a loss or gradient was not finite");

    private static MetricLabel Net => MetricLabel.Closed("net", "g", "d");

    private static MetricProcess Worker => MetricProcess.Worker;
}
