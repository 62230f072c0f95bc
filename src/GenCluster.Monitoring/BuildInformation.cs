using System.Reflection;
using GenCluster.Core.Metrics;

namespace GenCluster.Monitoring;

/// <summary>Which release serves the metrics.</summary>
public static class BuildInformation
{
    /// <summary>Records it.</summary>
    /// <param name="program">Its version is like <c>0.1.0+5950f559</c>: release and commit.</param>
    public static void Record(IMetricRecorder recorder, Assembly program)
    {
        string[] version = (program.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown").Split('+', 2);
        recorder.Series(MetricCatalogue.BuildInfo, version[0], version is [_, var commit] ? commit : "unknown").Record(1);
    }
}
