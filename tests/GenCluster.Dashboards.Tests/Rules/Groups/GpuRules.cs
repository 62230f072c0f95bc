using static GenCluster.Dashboards.Tests.Rules.Groups.Phrases;

namespace GenCluster.Dashboards.Tests.Rules.Groups;

/// <summary>GPUs are well, and used. Over series of NVIDIA's dcgm-exporter.</summary>
internal static class GpuRules
{
    /// <summary>
    /// Of NVIDIA's catalogue of XID errors those after which the GPU or the machine has to be reset or looked at: 48 and 95
    /// uncorrectable memory errors, 64 a failed retirement of memory, 74 NVLink, 79 the GPU fell off the bus, 119 and 120 its
    /// own processor.
    /// </summary>
    private static readonly int[] Fatal = [48, 64, 74, 79, 95, 119, 120];

    public static RuleGroup Group { get; } = new(
        "gpu", "GPUs are well, and used: over series of NVIDIA's dcgm-exporter.",
        new Alert(
            "GenClusterXidErrors", Severity.Critical, "0m",
            string.Join("\n  or ", Fatal.Select(xid => $"max by (namespace, pod, Hostname, gpu) (DCGM_FI_DEV_XID_ERRORS) == {xid}")),
            "GPU {{ $labels.gpu }} of {{ $labels.Hostname }} is broken",
            "Its last error is XID {{ $value }}. What runs on it fails or hangs{{ with $labels.pod }}; the pod that holds it is {{ . }}{{ end }}."),
        new Alert(
            "GenClusterGpuIdleWhileRunning", Severity.Warning, "15m",
            $$"""
            avg by (namespace, pod) (avg_over_time(DCGM_FI_DEV_GPU_UTIL{pod!=""}[5m])) < 5
              and on (namespace, pod) max by (namespace, pod) (gencluster_worker_running) == 1
            """,
            "The GPU of {{ $labels.pod }} idles while its trial runs" + Here,
            $"It has been busy for {Number} % of the time in the last minutes."));
}
