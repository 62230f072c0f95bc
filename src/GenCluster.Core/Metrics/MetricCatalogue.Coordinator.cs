using GenCluster.Core.Placement;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Trials;

namespace GenCluster.Core.Metrics;

/// <summary>What a coordinator's node serves. All but the journal's and the node's own is of the node that the coordinator is on.</summary>
public static partial class MetricCatalogue
{
    private static readonly MetricLabel Device = MetricLabel.Closed("kind", "cpu", "cuda");
    private static readonly MetricLabel WorkerState = MetricLabel.Closed("state", "free", "busy", "set_aside", "leaving");

    public static readonly MetricDefinition Leader = Gauge("leader", "1 or 0", Coordinator, "Whether the coordinator rules from this node");

    public static readonly MetricDefinition CoordinatorEpoch = Gauge(
        "coordinator_epoch", "times in office", Coordinator, "How often a coordinator took office since the journal began, as this node knows it; 0 where it never ruled");

    public static readonly MetricDefinition Failovers = Counter(
        "failover", "times in office", Coordinator, "Times the coordinator took office on this node after an earlier one, here or elsewhere");

    public static readonly MetricDefinition RecoverySeconds = Histogram(
        "recovery_seconds", "seconds", Buckets.Storage, Coordinator, "From the start of an actor until its journal was read",
        MetricLabel.Closed("actor", "coordinator", "sweep", "trial", "shelf"));

    public static readonly MetricDefinition UnreachableMembers = Gauge(
        "unreachable_members", "nodes", Coordinator, "Coordinator nodes that this one cannot reach");

    public static readonly MetricDefinition ClusterMembers = Gauge("cluster_members", "nodes", Coordinator, "Coordinator nodes that are up, as this one sees it");

    public static readonly MetricDefinition MailboxMessages = Gauge(
        "mailbox_messages", "messages", Coordinator, "Messages that the coordinator has yet to look at");

    public static readonly MetricDefinition Sweeps = Gauge(
        "sweeps", "sweeps", Coordinator, "Sweeps that the coordinator knows", MetricLabel.Closed<SweepPhase>("state"));

    public static readonly MetricDefinition Trials = Gauge(
        "trials", "trials", Coordinator, "Trials of the sweeps that the coordinator knows", MetricLabel.Closed<TrialPhase>("state"));

    public static readonly MetricDefinition TrialsFinished = Counter(
        "trials_finished", "trials", Coordinator, "Trials that ended under this coordinator, by how, and for failed ones by what failed",
        MetricLabel.Closed("outcome", "succeeded", "pruned", "failed", "cancelled"),
        MetricLabel.Closed("reason", ["none", .. MetricLabel.Closed<FailureClass>("reason").Values!]));

    public static readonly MetricDefinition TrialsWaiting = Gauge(
        "trials_waiting", "trials", Coordinator, "Trials that wait for workers, by why", MetricLabel.Closed<WaitCause>("cause"));

    public static readonly MetricDefinition TrialQueueWaitSeconds = Histogram(
        "trial_queue_wait_seconds", "seconds", Buckets.Queue, Coordinator, "From a trial's wish for workers until it had them");

    public static readonly MetricDefinition SchedulerDecisionSeconds = Histogram(
        "scheduler_decision_seconds", "seconds", Buckets.Decision, Coordinator, "How long a decision takes: who gets which workers, or what happens next in a sweep",
        MetricLabel.Closed("decision", "placement", "sweep"));

    public static readonly MetricDefinition Workers = Gauge("workers", "workers", Coordinator, "Workers that are attached", WorkerState);

    public static readonly MetricDefinition WorkerCapacity = Gauge(
        "worker_capacity", "devices", Coordinator, "Devices of the workers that are attached, by their kind", Device, WorkerState);

    public static readonly MetricDefinition WorkersExpected = Gauge(
        "workers_expected", "workers", Coordinator, "Workers that the node was told to expect; 0 where it was not told");

    public static readonly MetricDefinition WorkerLost = Counter(
        "worker_lost", "workers", Coordinator, "Workers that were lost, by how it was noticed", MetricLabel.Closed<WorkerLoss>("reason"));

    public static readonly MetricDefinition Reassignments = Counter(
        "reassignments", "leases", Coordinator, "Changes of the workers of a running trial: planned ones, or by what was lost",
        MetricLabel.Closed("reason", ["planned", .. MetricLabel.Closed<FailureClass>("reason").Values!]));

    public static readonly MetricDefinition JournalPersistSeconds = Histogram(
        "journal_persist_seconds", "seconds", Buckets.Request, Coordinator, "From a decision until its events are in the journal");

    public static readonly MetricDefinition JournalFailures = Counter(
        "journal_failures", "failures", Coordinator, "Times the journal could not be written or read", MetricLabel.Closed<JournalOperation>("op"));

    public static readonly MetricDefinition SweepTrials = Gauge(
        "sweep_trials", "trials", Coordinator, "Trials of a sweep that has not ended", MetricLabel.Sweep, MetricLabel.Closed<TrialPhase>("state"));

    public static readonly MetricDefinition SweepBestObjective = Gauge(
        "sweep_best_objective", "the sweep's objective", Coordinator, "The best objective of a sweep's trials that have ended", MetricLabel.Sweep);

    public static readonly MetricDefinition SweepDeviceSeconds = Gauge(
        "sweep_device_seconds", "seconds", Coordinator, "Time that workers worked for a sweep's trials that have ended, added up over all of them", MetricLabel.Sweep);

    public static readonly MetricDefinition TrialStep = Gauge(
        "trial_step", "steps", Coordinator, "The last step that was heard of", MetricLabel.Sweep, MetricLabel.Trial);

    public static readonly MetricDefinition TrialSteps = Gauge(
        "trial_steps", "steps", Coordinator, "The steps that a trial is to train", MetricLabel.Sweep, MetricLabel.Trial);

    public static readonly MetricDefinition TrialObjective = Gauge(
        "trial_objective", "the sweep's objective", Coordinator, "The objective at the last evaluation", MetricLabel.Sweep, MetricLabel.Trial);

    public static readonly MetricDefinition TrialWorkers = Gauge(
        "trial_workers", "workers", Coordinator, "The workers that a trial has", MetricLabel.Sweep, MetricLabel.Trial);

    public static readonly MetricDefinition TrialRestarts = Gauge(
        "trial_restarts", "restarts", Coordinator, "The restarts that a trial's failures have used up", MetricLabel.Sweep, MetricLabel.Trial);

    public static readonly MetricDefinition TrialRestartsAllowed = Gauge(
        "trial_restarts_allowed", "restarts", Coordinator, "The restarts that a trial may use up", MetricLabel.Sweep, MetricLabel.Trial);

    private static MetricProcess Coordinator => MetricProcess.Coordinator;
}
