using static GenCluster.Dashboards.Tests.Dashboards.Pages.Select;

namespace GenCluster.Dashboards.Tests.Dashboards.Pages;

/// <summary>Does a trial move, how fast, where does its time go, and does it learn?</summary>
internal static class TrialPage
{
    public static Dashboard Page { get; } = new(
        "trial", "Trial", "How fast trials train, where the time of a step goes, how they learn, and when they were stored last.",
        [Namespace, Sweep, Trial], [Speed, Learning, Gan, Storing]);

    private static string PerStep(string counter, string by) =>
        $"sum by ({by}) ({RateOfTrial(counter)}) / on () group_left () (sum({RateOfTrial("gencluster_steps_total")}) > 0)";

    private static Row Speed => new(
        "Speed",
        Number(
            "Step", "none", "The last step that the coordinator heard of.",
            new Query($"max by (sweep, trial) ({OfTrial("gencluster_trial_step")})", "{{sweep}} {{trial}}")),
        Number(
            "Since the last step", "s", "The worker that hangs longest. Evaluations and checkpoints are no steps, so some seconds are normal.",
            new Query($"time() - min({OfTrial("gencluster_last_progress_timestamp_seconds")})", "since")).Set(warn: 60, bad: 300, alerts: ["GenClusterTrialStalled"]),
        Number(
            "Workers", "none", "Of the trials that were picked.",
            new Query($"sum(max by (sweep, trial) ({OfTrial("gencluster_trial_workers")}))", "workers")),
        Number(
            "Time left", "s", "For the steps that are left, at the speed of the last minutes.",
            new Query(
                $"max by (sweep, trial) ({OfTrial("gencluster_trial_steps")} - {OfTrial("gencluster_trial_step")}) / on (sweep, trial) (max by (sweep, trial) (deriv({OfTrial("gencluster_trial_step")}[5m])) > 0)",
                "{{sweep}} {{trial}}")),
        Number(
            "Samples in a second", "short", "Training samples that gradients were computed of, by all workers together.",
            new Query($"sum({RateOfTrial("gencluster_samples_total")})", "samples")),
        Number(
            "Waiting for others", "percentunit", "The share of a step that members wait for the slowest one, on average.",
            new Query(
                $"sum({RateOfTrial("gencluster_allreduce_wait_seconds_sum")}) / (sum({RateOfTrial("gencluster_step_seconds_sum")}) > 0)", "waiting")).Set(warn: 0.2, bad: 0.4, alerts: ["GenClusterAllReduceSlow"]),
        Stack(
            "Where the time of a step goes", "s",
            "The mean of all members. Mostly backward and forward: well used. Much data: reading is too slow. Much allreduce: the network is, or one member is.",
            new Query(PerStep("gencluster_step_seconds_sum", "phase"), "{{phase}}")).Set(width: 12),
        Lines(
            "Steps in a second", "none", "Of each worker. Members of a gang make the same steps, so lines of one gang lie on each other.",
            new Query(RateOfTrial("gencluster_steps_total"), "{{instance}}")).Set(width: 12, min: 0));

    private static Row Learning => new(
        "Learning",
        Lines(
            "Loss", "none", "A line for each network that has a loss of its own. What losses mean depends on the family: for GANs, look at the row below.",
            new Query($"max by (sweep, trial, phase) ({OfTrial("gencluster_loss")})", "{{sweep}} {{trial}} {{phase}}")).Set(width: 12),
        Lines(
            "Objective", "none", "What the sweep compares trials by, at each evaluation.",
            new Query($"max by (sweep, trial) ({OfTrial("gencluster_trial_objective")})", "{{sweep}} {{trial}}")).Set(width: 12));

    private static Row Gan => new(
        "GANs",
        Lines(
            "What the discriminator thinks", "percentunit",
            "How sure it is that real and generated images are real. Both near 0.5: it cannot tell them apart, which is the aim, or it is blind. Real at 1 and generated at 0: it always knows, and the generator learns nothing.",
            new Query($"avg by (sweep, trial, on) ({OfTrial("gencluster_gan_discriminator_score")})", "{{sweep}} {{trial}} {{on}}")).Set(min: 0, max: 1, alerts: ["GenClusterDiscriminatorSaturated", "GenClusterDiscriminatorBlind"]),
        Lines(
            "Losses", "none", "Neither has to fall: they are a game. A generator's that only rises, beside a discriminator's near 0, is one that is lost.",
            new Query($"avg by (sweep, trial, net) ({OfTrial("gencluster_gan_loss")})", "{{sweep}} {{trial}} {{net}}")),
        Lines(
            "Diversity of samples", "none",
            "The mean distance between two generated images. When it falls to less than half of its best, the generator draws the same few images: mode collapse.",
            new Query($"max by (sweep, trial) ({OfTrial("gencluster_gan_sample_diversity")})", "{{sweep}} {{trial}}")).Set(min: 0, alerts: ["GenClusterModeCollapse"]),
        Lines(
            "Norms of gradients", "none", "On a logarithmic scale. One that vanishes or explodes stops its network from learning.",
            new Query($"avg by (sweep, trial, net) ({OfTrial("gencluster_gan_grad_norm")})", "{{sweep}} {{trial}} {{net}}")).Set(width: 12, logarithmic: true),
        Lines(
            "Generator's gradient over discriminator's", "none", "Between 0.01 and 100 the two learn at speeds that fit each other.",
            new Query(
                $$"""avg by (sweep, trial) ({{OfTrial("gencluster_gan_grad_norm", "net=\"g\"")}}) / avg by (sweep, trial) ({{OfTrial("gencluster_gan_grad_norm", "net=\"d\"")}})""",
                "{{sweep}} {{trial}}")).Set(width: 12, logarithmic: true, alerts: ["GenClusterGradientsUnbalanced"]));

    private static Row Storing => new(
        "Checkpoints",
        Lines(
            "Age of the last checkpoint", "s", "A saw: it rises, and falls to 0 at each checkpoint. A line that only rises: nothing is stored.",
            new Query($"time() - max by (sweep, trial) ({OfTrial("gencluster_checkpoint_last_success_timestamp_seconds")})", "{{sweep}} {{trial}}")).Set(min: 0, alerts: ["GenClusterCheckpointOld"]),
        Lines(
            "How long storing takes", "s", "Storing blobs, waiting for the journal, and reading back. Training waits only for the copy before it.",
            new Query(
                $"sum by (phase) ({RateOfTrial("gencluster_checkpoint_seconds_sum")}) / (sum by (phase) ({RateOfTrial("gencluster_checkpoint_seconds_count")}) > 0)",
                "{{phase}}")).Set(min: 0),
        Lines(
            "Size of a checkpoint", "bytes", "On average. Blobs that did not change are stored once.",
            new Query(
                $"sum({RateOfTrial("gencluster_checkpoint_bytes_sum")}) / (sum({RateOfTrial("gencluster_checkpoint_bytes_count")}) > 0)", "size")).Set(min: 0));
}
