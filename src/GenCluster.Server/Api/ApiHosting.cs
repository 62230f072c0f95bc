using Akka.Cluster.Hosting;
using Akka.Hosting;
using GenCluster.Actors.Coordination;
using GenCluster.Actors.Persistence;
using GenCluster.Core.Metrics;
using GenCluster.Server.Metering;
using GenCluster.Server.ReadModel;
using Microsoft.Extensions.DependencyInjection;

namespace GenCluster.Server.Api;

/// <summary>How the read model and the API are put into the host of a coordinator node.</summary>
public static class ApiHosting
{
    /// <summary>One projector among the nodes of the coordinator's role. Every node must have it, or none.</summary>
    /// <param name="database">Null: nothing is added.</param>
    public static AkkaConfigurationBuilder AddReadModel(this AkkaConfigurationBuilder akka, JournalDatabase? database) => database is null ? akka : akka.WithSingleton<ProjectorActor>(
        "projector",
        (_, _, _) => ProjectorActor.PropsFor(new ReadModelFeed(database)),
        new ClusterSingletonOptions { Role = CoordinatorHosting.Role },
        createProxyToo: false);

    /// <summary>The HTTP API. Call it after the actor system has been added, which it needs.</summary>
    public static IServiceCollection AddApi(this IServiceCollection services, ApiOptions options, JournalDatabase database, IMetricRecorder metrics)
    {
        services.AddSingleton(new ApiMeters(metrics));
        services.AddSingleton(options);
        services.AddSingleton(database);
        services.AddSingleton<ApiServer>();
        return services.AddHostedService(provider => provider.GetRequiredService<ApiServer>());
    }
}
