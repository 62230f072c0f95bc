namespace GenCluster.Core.Metrics;

/// <summary>What a worker serves of its exchange of gradients with others.</summary>
public static partial class MetricCatalogue
{
    public static readonly MetricDefinition AllReduceSeconds = Histogram(
        "allreduce_seconds", "seconds", Buckets.Step, Worker, "From this member's gradients being ready until the sum over the gang is there",
        MetricLabel.Closed("algo", "solo", "shared_memory", "unix", "tcp"));

    public static readonly MetricDefinition AllReduceWaitSeconds = Histogram(
        "allreduce_wait_seconds", "seconds", Buckets.Step, Worker, "Of a step, from this member's gradients being ready until the last member's are: what slow members cost");

    public static readonly MetricDefinition AllReduceInFlightSeconds = Gauge(
        "allreduce_in_flight_seconds", "seconds", Worker, "For how long the sum that is being made has been waited for; 0 when none is");

    public static readonly MetricDefinition AllReduceBytes = Counter(
        "allreduce_bytes", "bytes", Worker, "Bytes of all-reduces that were sent, received, or read in the memory of members on the same host",
        MetricLabel.Closed("dir", "sent", "received", "shared"));

    public static readonly MetricDefinition FramesRejected = Counter(
        "frames_rejected", "messages", Worker, "What came over the data plane and was refused: connections by their hello, and frames",
        MetricLabel.Closed(
            "reason", "malformed", "version", "stale_epoch", "not_expected", "member", "plan", "data_type", "secret", "duplicate", "too_slow", "crowded",
            "transport", "state", "not_encrypted", "certificate", "frame", "out_of_place"));

    public static readonly MetricDefinition GangBreaks = Counter(
        "gang_breaks", "gangs", Worker, "Gangs that broke, by why",
        MetricLabel.Closed("reason", "peer_lost", "deadline", "protocol", "out_of_place", "refused"));

    public static readonly MetricDefinition Connections = Gauge("connections", "connections", Worker, "Connections to other members of the gang that are open");
}
