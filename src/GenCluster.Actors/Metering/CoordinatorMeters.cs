using Akka.Actor;
using Akka.Hosting;
using GenCluster.Core.Metrics;

namespace GenCluster.Actors.Metering;

/// <summary>What the actors of a coordinator's node record, each with the part that is its own.</summary>
internal sealed class CoordinatorMeters : IExtension
{
    private CoordinatorMeters(IMetricRecorder recorder)
    {
        Journal = new JournalMeters(recorder);
        Office = new OfficeMeters(recorder);
        Placement = new PlacementMeters(recorder);
        Sweeps = new SweepMeters(recorder);
        Stale = recorder.Series(MetricCatalogue.StaleEpochRejected);
    }

    public JournalMeters Journal { get; }

    public OfficeMeters Office { get; }

    public PlacementMeters Placement { get; }

    public SweepMeters Sweeps { get; }

    /// <summary>Counts what is refused because its epoch is over.</summary>
    public IMetricSeries Stale { get; }

    public static CoordinatorMeters Of(ActorSystem system) => system.WithExtension<CoordinatorMeters, Provider>();

    private sealed class Provider : ExtensionIdProvider<CoordinatorMeters>
    {
        public override CoordinatorMeters CreateExtension(ExtendedActorSystem system) => new(SystemMetrics.RecorderOf(system));
    }
}

/// <summary>How a coordinator's node tells of itself.</summary>
public static class CoordinatorMetricsHosting
{
    /// <summary>Lets the node record here. Its coordinator may be here or not.</summary>
    /// <param name="expectedWorkers">Of <see cref="Coordination.CoordinatorSettings"/>.</param>
    public static AkkaConfigurationBuilder AddCoordinatorMetrics(this AkkaConfigurationBuilder akka, IMetricRecorder recorder, int expectedWorkers) => recorder == IMetricRecorder.None ? akka : akka
        .AddMetrics(recorder)
        .AddStartup((system, _) =>
        {
            recorder.Series(MetricCatalogue.WorkersExpected).Record(expectedWorkers);
            ClusterMeters.Watch(Akka.Cluster.Cluster.Get(system), recorder);
        });
}
