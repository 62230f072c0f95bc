using GenCluster.Core.Sweeps;

namespace GenCluster.Configuration.Exporters;

/// <summary>Whose files a sweep can be written as.</summary>
public enum SweepFormat
{
    GenCluster,
    Wandb,
    Katib,
}

/// <summary>What came of writing a sweep as a file.</summary>
/// <param name="Text">The file; null when something that matters cannot be said in it.</param>
/// <param name="Faults">What cannot be said; empty when there is a text.</param>
/// <param name="Notes">What is left out or said otherwise, each in a sentence.</param>
public sealed record ExportResult(string? Text, IReadOnlyList<string> Faults, IReadOnlyList<string> Notes);

/// <summary>Writes sweeps as files: of ours, and of W&amp;B and Katib, as far as those can say it.</summary>
public static class SweepExport
{
    public static ExportResult To(SweepFormat format, SweepSpec spec) => format switch
    {
        SweepFormat.Wandb => new WandbExporter(spec).Export(),
        SweepFormat.Katib => new KatibExporter(spec).Export(),
        _ => SweepWriter.Write(spec),
    };
}
