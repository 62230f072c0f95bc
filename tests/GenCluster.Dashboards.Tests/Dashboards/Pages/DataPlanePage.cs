using static GenCluster.Dashboards.Tests.Dashboards.Pages.Select;

namespace GenCluster.Dashboards.Tests.Dashboards.Pages;

/// <summary>Which member is slow, what does waiting for it cost, and what goes over the wire?</summary>
internal static class DataPlanePage
{
    public static Dashboard Page { get; } = new(
        "data-plane", "Data plane", "Gangs at work: who is slow, what waiting costs, and what goes between them.", [Namespace, Sweep, Trial], [Members, Sums, Wire]);

    private static string PerStep(string counter, string more = "") =>
        $"sum by (instance) ({RateOfTrial(counter, more)}) / (sum by (instance) ({RateOfTrial("gencluster_steps_total")}) > 0)";

    private static Row Members => new(
        "Members",
        new Panel(
            Look.HeatMap, "Time to compute a shard, by member",
            "A row for each worker; darker is slower. Members of a gang that are alike have the same shade. A dark row is a slow machine, dark columns are a slow moment of all.", "s",
            new Query($"max by (sweep, trial, instance) ({OfTrial("gencluster_shard_seconds")})", "{{sweep}} {{trial}} {{instance}}")).Set(width: 12, height: 10, alerts: ["GenClusterStraggler", "GenClusterStragglerSelf"]),
        new Panel(
            Look.HeatMap, "Time of a step, by member", "Data, forward, backward and optimizer, without the wait for others: what the member itself needs for all its shards.", "s",
            new Query(PerStep("gencluster_step_seconds_sum", "phase!=\"allreduce\""), "{{instance}}")).Set(width: 12, height: 10, alerts: ["GenClusterStraggler"]),
        Lines(
            "Waiting for others, by member", "s",
            "In each step. Whoever waits least is who the others wait for.",
            new Query(PerStep("gencluster_allreduce_wait_seconds_sum"), "{{instance}}")).Set(min: 0, alerts: ["GenClusterAllReduceSlow"]),
        Lines(
            "Share of a step spent waiting", "percentunit", "Of each member's time. Above 0.4 for all of a gang: it is too large for its model, or one of it is too slow.",
            new Query(
                $"sum by (instance) ({RateOfTrial("gencluster_allreduce_wait_seconds_sum")}) / (sum by (instance) ({RateOfTrial("gencluster_step_seconds_sum")}) > 0)", "{{instance}}")).Set(min: 0, max: 1, bad: 0.4, alerts: ["GenClusterAllReduceSlow"]),
        Lines(
            "Steps in a second, by member", "none", "Lines of one gang lie on each other.",
            new Query($"sum by (instance) ({RateOfTrial("gencluster_steps_total")})", "{{instance}}")).Set(min: 0));

    private static Row Sums => new(
        "Sums",
        new Panel(
            Look.Spread, "How long sums take", "From a member's gradients being ready until the sum is there, the wait for others included. Two bands: two kinds of network.", "s",
            new Query($"sum by (le) ({Rate("gencluster_allreduce_seconds_bucket")})", "{{le}}")).Set(width: 12),
        Lines(
            "How long sums take, by the way they go", "s", "solo: a gang of one. shared_memory and unix: on one host. tcp: between hosts.",
            new Query(
                $"sum by (algo) ({Rate("gencluster_allreduce_seconds_sum")}) / (sum by (algo) ({Rate("gencluster_allreduce_seconds_count")}) > 0)", "{{algo}}")).Set(width: 12, logarithmic: true),
        Lines(
            "The sum that is being made: for how long", "s", "Nearly always close to 0. Above 60 s it hangs: a member is stuck, or the network between them.",
            new Query($"max by (instance) ({In("gencluster_allreduce_in_flight_seconds")})", "{{instance}}")).Set(min: 0, bad: 60, alerts: ["GenClusterAllReduceHung"]),
        Stack(
            "Gangs that broke, in an hour", "none", "By why. peer_lost is a member that died; the others go on without it.",
            new Query($"sum by (reason) (increase({In("gencluster_gang_breaks_total")}[1h]))", "{{reason}}")),
        Lines(
            "Sums in a second", "none", "Several for each step: gradients are summed in buckets.",
            new Query($"sum by (algo) ({Rate("gencluster_allreduce_seconds_count")})", "{{algo}}")).Set(min: 0));

    private static Row Wire => new(
        "Wire",
        Stack(
            "Bytes in a second", "Bps", "Sent, received, or read in the memory of members on the same host.",
            new Query($"sum by (dir) ({Rate("gencluster_allreduce_bytes_total")})", "{{dir}}")),
        Lines(
            "Connections", "none", "Open ones of the data plane: one for each pair of members on different hosts.",
            new Query($"sum by (instance) ({In("gencluster_connections")})", "{{instance}}")).Set(min: 0),
        Stack(
            "Refused in an hour", "none", "By why. stale_epoch follows a change of the gang and is harmless; secret and version are not.",
            new Query($"sum by (reason) (increase({In("gencluster_frames_rejected_total")}[1h]))", "{{reason}}")).Set(alerts: ["GenClusterMessagesRefused"]));
}
