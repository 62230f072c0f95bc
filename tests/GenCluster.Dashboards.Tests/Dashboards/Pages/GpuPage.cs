using static GenCluster.Dashboards.Tests.Dashboards.Pages.Select;

namespace GenCluster.Dashboards.Tests.Dashboards.Pages;

/// <summary>Are the GPUs used, are they well, and by which trial?</summary>
/// <remarks>
/// The series are those of NVIDIA's dcgm-exporter with its default counters, which names the pod that holds a GPU. We export
/// none of that again; what a GPU does for which trial is a join over the pod.
/// </remarks>
internal static class GpuPage
{
    public static Dashboard Page { get; } = new(
        "gpu", "GPU", "What the GPUs of workers do, and for which trial. Needs NVIDIA's dcgm-exporter, scraped with its own labels namespace and pod (honor_labels).",
        [Namespace], [Use, Health, Memory]);

    private const string Trial = "{{sweep}} {{trial}} {{pod}} GPU {{gpu}}";

    /// <summary>A series of the exporter with the sweep and the trial that the pod's worker works on; without, for pods that work on nothing.</summary>
    private static string Joined(string metric)
    {
        string gpu = $"max by (namespace, pod, gpu) ({In(metric, "pod!=\"\"")})";
        return $"{gpu} * on (namespace, pod) group_left (sweep, trial) group by (namespace, pod, sweep, trial) ({In("gencluster_run_step", "pod!=\"\"")})";
    }

    private static Row Use => new(
        "Use",
        Lines(
            "Busy", "percent",
            "The share of time that some kernel ran. It does not say how well: a GPU can be at 100 % and use a tenth of its units. Near 0 while a trial runs: it waits for data, for others, or hangs.",
            new Query(Joined("DCGM_FI_DEV_GPU_UTIL"), Trial)).Set(width: 12, min: 0, max: 100, alerts: ["GenClusterGpuIdleWhileRunning"]),
        Lines(
            "Memory in use", "percentunit", "Of what the GPU has. libtorch keeps what it once had, so it rarely falls.",
            new Query(
                $"({Joined("DCGM_FI_DEV_FB_USED")}) / on (namespace, pod, gpu) (max by (namespace, pod, gpu) ({In("DCGM_FI_DEV_FB_USED")} + {In("DCGM_FI_DEV_FB_FREE")}))", Trial)).Set(width: 12, min: 0, max: 1, warn: 0.95),
        Lines(
            "Memory copied", "percent", "The share of time that memory was read or written. High beside low use of units: bound by memory.",
            new Query(Joined("DCGM_FI_DEV_MEM_COPY_UTIL"), Trial)).Set(min: 0, max: 100),
        Lines(
            "Clock of the processors", "rotmhz", "A clock that falls under load: too hot, or too little power.",
            new Query(Joined("DCGM_FI_DEV_SM_CLOCK"), Trial)).Set(min: 0),
        Number(
            "GPUs that work for trials", "none", "GPUs whose pod works on a trial, of those that the exporter sees in these namespaces.",
            new Query($"count({Joined("DCGM_FI_DEV_GPU_UTIL")})", "work"),
            new Query($"count({In("DCGM_FI_DEV_GPU_UTIL")})", "there are")).Set(width: 8, height: 8));

    private static Row Health => new(
        "Health",
        Lines(
            "Temperature", "celsius", "Most data centre GPUs slow down from about 85 degrees on.",
            new Query(Joined("DCGM_FI_DEV_GPU_TEMP"), Trial)).Set(warn: 80, bad: 88),
        Lines(
            "Power", "watt", "Close to the card's limit under load. Far below it with a busy GPU: it waits for memory or for small kernels.",
            new Query(Joined("DCGM_FI_DEV_POWER_USAGE"), Trial)).Set(min: 0),
        Lines(
            "Energy for a step", "joule", "Of all GPUs of a trial, by what their meters say. For comparing settings of one model.",
            new Query(
                $"sum by (sweep, trial) (rate({In("DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION", "pod!=\"\"")}[$__rate_interval]) / 1000 * on (namespace, pod) group_left (sweep, trial) group by (namespace, pod, sweep, trial) ({In("gencluster_run_step", "pod!=\"\"")})) / on (sweep, trial) (max by (sweep, trial) (deriv({In("gencluster_trial_step")}[$__rate_interval])) > 0)",
                "{{sweep}} {{trial}}")).Set(min: 0),
        Lines(
            "Last XID error", "none", "The number of the last error that the driver told of; 0: none. 48, 64, 74, 79, 95, 119 and 120 need somebody.",
            new Query($"max by (Hostname, gpu) ({In("DCGM_FI_DEV_XID_ERRORS")})", "{{Hostname}} GPU {{gpu}}")).Set(width: 12, alerts: ["GenClusterXidErrors"]),
        Lines(
            "PCIe retries in a second", "cps", "Next to none. Many: a riser, a slot or a cable.",
            new Query($"sum by (Hostname, gpu) (rate({In("DCGM_FI_DEV_PCIE_REPLAY_COUNTER")}[$__rate_interval]))", "{{Hostname}} GPU {{gpu}}")).Set(width: 12, min: 0));

    private static Row Memory => new(
        "As workers see it",
        Stack(
            "Memory of the worker's GPU", "bytes", "From the worker itself, so also where there is no exporter.",
            new Query($$"""max by (instance, kind) ({{In("gencluster_gpu_memory_bytes", "kind!=\"total\"")}})""", "{{instance}} {{kind}}")).Set(width: 24, stacked: false));
}
