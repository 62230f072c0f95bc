using System.Net;
using Akka.Actor;
using Akka.Event;
using Akka.Hosting;
using GenCluster.Actors.Coordination;
using GenCluster.Actors.Persistence;
using GenCluster.Server.Metering;
using GenCluster.Server.ReadModel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace GenCluster.Server.Api;

/// <summary>The HTTP API of a node: starts and stops with it, after and before its actor system.</summary>
public sealed class ApiServer(ApiOptions options, JournalDatabase database, ActorSystem system, ActorRegistry actors, ApiMeters meters) : IHostedService, IAsyncDisposable
{
    private const int MaxBody = 512 * 1024; // a sweep file has at most half of that, and is told so in its own words
    private const int MaxConnections = 1_000;

    private readonly Reads reads = new(new ReadModelQueries(database));
    private readonly List<IDisposable> parts = [];
    private WebApplication? app;

    /// <summary>Where it listens, once it has started: <c>http://127.0.0.1:8080</c>.</summary>
    public string? Address { get; private set; }

    /// <summary>Method and pattern of everything that it answers, for its document to be held against.</summary>
    internal IEnumerable<(string Method, string Pattern)> Routes =>
        from endpoint in ((IEndpointRouteBuilder)app!).DataSources.SelectMany(s => s.Endpoints).OfType<RouteEndpoint>()
        from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? []
        select (method, endpoint.RoutePattern.RawText!);

    /// <exception cref="CoordinatorStartException">It cannot listen there; the message says why and what to do.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!IPAddress.IsLoopback(options.Bind))
        {
            throw new CoordinatorStartException(
                $"the API cannot be bound to {options.Bind}: it has no authentication yet, and serves loopback alone; bind it to 127.0.0.1 and reach it through a tunnel");
        }

        app = Build();
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (IOException e)
        {
            throw new CoordinatorStartException(
                $"the API cannot listen on {options.Bind}:{options.Port}: {e.GetBaseException().Message}; choose another port, or 0 for any free one", e);
        }

        Address = app.Urls.Single();
        Logging.GetLogger(system, nameof(ApiServer)).Info("the API listens on {0}", Address);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (app is not null)
            await app.StopAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (app is not null)
            await app.DisposeAsync();
        parts.ForEach(p => p.Dispose());
        reads.Dispose();
    }

    private WebApplication Build()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(Limit);
        builder.Services.AddRoutingCore();
        builder.Services.AddApiDocument();
        builder.Services.Configure<RouteHandlerOptions>(handlers => handlers.ThrowOnBadRequest = true); // the doorkeeper makes it a problem
        builder.Services.AddRequestTimeouts(timeouts => timeouts.DefaultPolicy = new()
        {
            Timeout = options.RequestTime,
            TimeoutStatusCode = StatusCodes.Status503ServiceUnavailable,
            WriteTimeoutResponse = context => Problems.Later(context.Response, 5, "the request took too long; ask again").ExecuteAsync(context),
        });
        var web = builder.Build();

        web.Use(next => context => meters.MeasureAsync(context, next));
        web.UseMiddleware<Doorkeeper>(Logging.GetLogger(system, nameof(Doorkeeper)));
        web.UseRouting();
        web.UseRequestTimeouts();
        var coordinator = new CoordinatorClient(system, actors.Get<CoordinatorActor>());
        var office = new Office(coordinator, reads, options);
        new SweepEndpoints(office, reads).Map(web);
        new TrialEndpoints(office, reads).Map(web);
        new ControlEndpoints(office, reads).Map(web);
        var analyses = new AnalysisEndpoints(reads);
        var events = new EventEndpoints(coordinator, reads, options, TimeProvider.System);
        parts.AddRange([analyses, events]);
        analyses.Map(web);
        events.Map(web);
        new HealthEndpoints(coordinator, reads).Map(web);
        web.MapApiDocument();
        web.MapFallback("{*path}", (HttpRequest request) => Problems.NotFound($"there is nothing at {request.Path}"));
        return web;
    }

    private void Limit(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = MaxBody;
        kestrel.Limits.MaxRequestHeadersTotalSize = 16 * 1024;
        kestrel.Limits.MaxConcurrentConnections = MaxConnections;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        kestrel.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(60);
        kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(5));
        kestrel.Listen(options.Bind, options.Port);
    }
}
