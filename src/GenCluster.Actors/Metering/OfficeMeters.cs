using Akka.Actor;
using GenCluster.Core.Metrics;

namespace GenCluster.Actors.Metering;

/// <summary>Whether the coordinator rules from this node, and how much it has yet to do.</summary>
internal sealed class OfficeMeters
{
    private readonly IMetricSeries leader, epochs, failovers;
    private volatile ActorRefWithCell? coordinator;

    public OfficeMeters(IMetricRecorder recorder)
    {
        leader = recorder.Series(MetricCatalogue.Leader);
        epochs = recorder.Series(MetricCatalogue.CoordinatorEpoch);
        failovers = recorder.Series(MetricCatalogue.Failovers);
        var mailbox = recorder.Series(MetricCatalogue.MailboxMessages);
        recorder.BeforeReading(() => mailbox.Record(coordinator?.Underlying.NumberOfMessages ?? 0));
    }

    /// <summary>The coordinator took office here.</summary>
    /// <param name="epoch">How often one has, this time included.</param>
    public void Begins(long epoch, IActorRef self)
    {
        coordinator = self as ActorRefWithCell;
        leader.Record(1);
        epochs.Record(epoch);
        if (epoch > 1)
            failovers.Record();
    }

    /// <summary>It rules from here no more.</summary>
    public void Ends()
    {
        coordinator = null;
        leader.Record(0);
    }
}
