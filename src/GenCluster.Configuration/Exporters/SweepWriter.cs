using GenCluster.Core.Sweeps;

namespace GenCluster.Configuration.Exporters;

/// <summary>Writes a sweep as a file of ours, which reads back as the same sweep. What is at its default is left out.</summary>
public static class SweepWriter
{
    public static ExportResult Write(SweepSpec spec) => throw new NotImplementedException(spec.Name);
}
