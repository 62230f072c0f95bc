using GenCluster.Collectives.Gangs;
using GenCluster.Collectives.Hellos;
using GenCluster.Core.Metrics;

namespace GenCluster.Worker.Metering;

/// <summary>Reads the data plane's own counts before each scrape.</summary>
internal static class DataPlaneMeters
{
    public static void Watch(GangCounters counters, IMetricRecorder recorder)
    {
        Read(MetricCatalogue.AllReduceBytes, "sent", () => counters.BytesSent);
        Read(MetricCatalogue.AllReduceBytes, "received", () => counters.BytesReceived);
        Read(MetricCatalogue.AllReduceBytes, "shared", () => counters.BytesShared);
        foreach (var refusal in Enum.GetValues<HelloRefusal>())
            Read(MetricCatalogue.FramesRejected, MetricLabel.ValueOf(refusal), () => counters.Refused(refusal));
        Read(MetricCatalogue.FramesRejected, "frame", () => counters.BrokenBy(GangBreak.Protocol));
        foreach (var reason in Enum.GetValues<GangBreak>().Except([GangBreak.Aborted])) // that is this process's own doing
            Read(MetricCatalogue.GangBreaks, MetricLabel.ValueOf(reason), () => counters.BrokenBy(reason) + counters.UnjoinedBy(reason));
        var connections = recorder.Series(MetricCatalogue.Connections);
        recorder.BeforeReading(() => connections.Record(counters.Connections));

        void Read(MetricDefinition metric, string label, Func<long> count)
        {
            var series = recorder.Series(metric, label);
            recorder.BeforeReading(() => series.RaiseTo(count()));
        }
    }
}
