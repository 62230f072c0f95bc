using System.Globalization;
using System.Text;
using GenCluster.Core.Training;
using GenCluster.Core.Trials;
using GenCluster.Checkpoints;
using GenCluster.Training.Runner;

namespace GenCluster.Training.Artifacts;

/// <summary>
/// A trial's folder: <c>metrics.csv</c>, the same as TensorBoard events, <c>samples/step-000150.png</c> and
/// <c>weights.safetensors</c>. The event file is made anew from the others at each resume. Rows of metrics survive the
/// death of the process; a loss of power may cost the last ones.
/// </summary>
/// <remarks>
/// All methods throw <see cref="StorageException"/> when something cannot be written. Who resumes puts new files in the place
/// of the old: a writer that was frozen, and does not know yet that it has been replaced, appends to what has no name any more.
/// </remarks>
public sealed class TrialArtifacts(string folder, TimeProvider clock) : ITrialArtifacts
{
    private const string SamplePrefix = "step-", SampleSuffix = ".png", SampleTag = "samples";

    private readonly string metricsPath = Path.Combine(folder, "metrics.csv");
    private readonly string eventsPath = Path.Combine(folder, "events.out.tfevents.gencluster"); // found by "tfevents" in the name
    private readonly string samplesFolder = Path.Combine(folder, "samples");
    private readonly string weightsPath = Path.Combine(folder, "weights.safetensors");

    private FileStream? metrics;
    private FileStream? events;

    public void ResumeAt(int step)
    {
        Dispose();
        DurableFile.Guard(folder, () =>
        {
            DurableFile.CreateFolder(samplesFolder);
            DurableFile.RemoveStaleTemps(folder);
            DurableFile.RemoveStaleTemps(samplesFolder);
            File.Delete(weightsPath);

            var rows = KeepRows(step);
            var samples = KeepSamples(step);
            DurableFile.Write(eventsPath, stream => WriteEvents(new EventStream(stream, clock), rows, samples));
        });
        metrics = Append(metricsPath);
        events = Append(eventsPath);
    }

    public void AppendMetrics(int step, IReadOnlyList<Metric> values)
    {
        var row = new MetricsRow(step, values);
        DurableFile.Guard(metricsPath, () => Opened(metrics).Write(Encoding.UTF8.GetBytes(MetricsFile.Format(row))));
        WriteEvent(x => x.Scalars(step, values));
    }

    public void WriteSamples(int step, SamplePicture grid)
    {
        var png = Png.Encode(grid);
        string name = SamplePrefix + step.ToString("D6", CultureInfo.InvariantCulture) + SampleSuffix;
        DurableFile.Write(Path.Combine(samplesFolder, name), stream => stream.Write(png));
        WriteEvent(x => x.Image(step, SampleTag, png));
    }

    public void WriteWeights(Action<Stream> write) => DurableFile.Write(weightsPath, write);

    public void Dispose()
    {
        metrics?.Dispose();
        events?.Dispose();
        (metrics, events) = (null, null);
    }

    private List<MetricsRow> KeepRows(int step)
    {
        string text = File.Exists(metricsPath) ? File.ReadAllText(metricsPath) : "";
        List<MetricsRow> rows;
        try
        {
            rows = MetricsFile.Parse(text);
        }
        catch (FormatException e)
        {
            throw new StorageException(metricsPath, $"it holds something else: {e.Message}; move it away, then go on", e);
        }

        rows.RemoveAll(x => x.Step > step);
        string kept = MetricsFile.Header + string.Concat(rows.Select(MetricsFile.Format));
        DurableFile.Write(metricsPath, stream => stream.Write(Encoding.UTF8.GetBytes(kept))); // another file each time: see the remarks
        return rows;
    }

    private List<(int Step, string Path)> KeepSamples(int step)
    {
        var kept = new List<(int, string)>();
        foreach (string path in Directory.EnumerateFiles(samplesFolder, SamplePrefix + "*" + SampleSuffix))
        {
            var digits = Path.GetFileNameWithoutExtension(path.AsSpan())[SamplePrefix.Length..];
            if (!int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int of))
                continue;
            if (of > step)
                File.Delete(path);
            else
                kept.Add((of, path));
        }

        return kept;
    }

    private static void WriteEvents(EventStream stream, List<MetricsRow> rows, List<(int Step, string Path)> samples)
    {
        stream.Begin();
        var scalars = rows.Select(x => (x.Step, Write: (Action)(() => stream.Scalars(x.Step, x.Metrics))));
        var images = samples.Select(x => (x.Step, Write: (Action)(() => stream.Image(x.Step, SampleTag, File.ReadAllBytes(x.Path)))));
        foreach (var (_, write) in scalars.Concat(images).OrderBy(x => x.Step))
            write();
    }

    private void WriteEvent(Action<EventStream> write) => DurableFile.Guard(eventsPath, () => write(new EventStream(Opened(events), clock)));

    // Without a buffer: what was written is with the operating system, whatever becomes of this process.
    private static FileStream Append(string path) =>
        DurableFile.Guard(path, () => new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0));

    private static FileStream Opened(FileStream? file) => file ?? throw new InvalidOperationException("nothing is written before ResumeAt");
}
