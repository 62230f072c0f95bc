using Akka.Cluster;
using GenCluster.Core.Metrics;

namespace GenCluster.Actors.Metering;

/// <summary>The cluster of coordinator nodes as this one sees it. That view lies ready: reading it asks nobody.</summary>
internal static class ClusterMeters
{
    public static void Watch(Cluster cluster, IMetricRecorder recorder)
    {
        var unreachable = recorder.Series(MetricCatalogue.UnreachableMembers);
        var up = recorder.Series(MetricCatalogue.ClusterMembers);
        recorder.BeforeReading(() =>
        {
            var state = cluster.State;
            unreachable.Record(state.Unreachable.Count);
            up.Record(state.Members.Count(member => member.Status is MemberStatus.Up));
        });
    }
}
