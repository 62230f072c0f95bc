using GenCluster.Core.Metrics;

namespace GenCluster.Monitoring;

/// <summary>Looks from time to time how much space there is where a process writes: a disk may be slow to answer, and a scrape must not wait for it.</summary>
public sealed class DiskMeter : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    private readonly string folder;
    private readonly IMetricSeries free;
    private readonly ITimer timer;

    /// <param name="place">What it is for, as the catalogue has it: <c>journal</c> or <c>runs</c>.</param>
    /// <param name="folder">It need not be there yet.</param>
    public DiskMeter(IMetricRecorder recorder, string place, string folder, TimeProvider clock)
    {
        this.folder = Path.GetFullPath(folder);
        free = recorder.Series(MetricCatalogue.DiskFree, place);
        timer = clock.CreateTimer(_ => Look(), null, TimeSpan.Zero, Interval);
    }

    public void Dispose() => timer.Dispose();

    private void Look()
    {
        try
        {
            free.Record(new DriveInfo(Nearest(folder)).AvailableFreeSpace);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The value stays what it was; whoever writes there will say more.
        }
    }

    private static string Nearest(string folder)
    {
        while (!Directory.Exists(folder) && Path.GetDirectoryName(folder) is { } parent)
            folder = parent;
        return folder;
    }
}
