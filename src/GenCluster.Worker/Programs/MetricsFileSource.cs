using GenCluster.Core.Trials;

namespace GenCluster.Worker.Programs;

/// <summary>Lines that a program appends to a file.</summary>
internal sealed class MetricsFileSource : IMetricsSource
{
    private readonly FollowedFile file;
    private readonly LineSplitter lines;
    private Action<IReadOnlyList<Metric>>? to;

    public MetricsFileSource(string path)
    {
        file = FollowedFile.FromEnd(path);
        lines = new LineSplitter(line => to!(MetricsLine.Read(line)));
    }

    public bool Look(Action<IReadOnlyList<Metric>> said)
    {
        to = said;
        return file.Read(lines.Write);
    }
}
