using System.Diagnostics;
using System.Net;
using System.Net.Security;
using Akka.Actor;
using Akka.Event;
using Akka.Hosting;
using GenCluster.Actors.Coordination;
using GenCluster.Actors.Persistence;
using GenCluster.Configuration.Access;
using GenCluster.Server.Access;
using GenCluster.Server.Metering;
using GenCluster.Server.ReadModel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace GenCluster.Server.Api;

/// <summary>The HTTP API of a node: starts and stops with it, after and before its actor system.</summary>
public sealed class ApiServer(ApiOptions options, JournalDatabase database, ActorSystem system, ActorRegistry actors, ApiMeters meters) : IHostedService, IAsyncDisposable
{
    private const int MaxBody = 512 * 1024; // a sweep file has at most half of that, and is told so in its own words
    private const int MaxConnections = 1_000;

    private readonly Reads reads = new(new ReadModelQueries(database), options.Time);
    private readonly IApiObserver observer = options.Observer ?? meters;
    private readonly List<IDisposable> parts = [];
    private WebApplication? app;
    private AccessControl? access;

    /// <summary>Where it listens, once it has started: <c>http://127.0.0.1:8080</c>.</summary>
    public string? Address { get; private set; }

    /// <summary>Method and pattern of everything that it answers, for its document to be held against.</summary>
    internal IEnumerable<(string Method, string Pattern)> Routes =>
        from endpoint in Endpoints.OfType<RouteEndpoint>()
        from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? []
        select (method, endpoint.RoutePattern.RawText!);

    /// <summary>Everything that it answers, with the policy of each.</summary>
    internal IEnumerable<Endpoint> Endpoints => ((IEndpointRouteBuilder)app!).DataSources.SelectMany(s => s.Endpoints);

    /// <exception cref="CoordinatorStartException">It cannot listen there, or know its callers; the message says why and what to do.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        bool isOpen = !IPAddress.IsLoopback(options.Bind);
        if (isOpen && options.Access.Mode is AccessMode.None)
        {
            throw new CoordinatorStartException(
                $"the API cannot be bound to {options.Bind}: without authentication it serves loopback alone; "
                + "say with --auth how callers are known, or bind it to 127.0.0.1 and reach it through a tunnel");
        }

        var trail = new AuditTrail(Logging.GetLogger(system, "Audit"), options.Time, options.Limits.AlikeRefusals);
        access = Kept(AccessControl.Open(options.Access, options.Time, trail.Told));
        var certificate = options.Certificate is { } files ? new ServerCertificate(files, options.Time, options.Access.LookAgain, trail.Told) : null;
        _ = certificate?.Current;
        var log = Logging.GetLogger(system, nameof(ApiServer));
        app = Build(trail, certificate);
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (IOException e)
        {
            throw new CoordinatorStartException(
                $"the API cannot listen on {options.Bind}:{options.Port}: {e.GetBaseException().Message}; choose another port", e);
        }

        Address = app.Urls.Single();
        log.Info("the API listens on {0}", Address);
        if (isOpen && certificate is null)
            log.Warning("the API speaks plain HTTP on {0}: tokens can be read on the way unless a proxy in front of it, or the network, encrypts", options.Bind);
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

    private WebApplication Build(AuditTrail trail, ServerCertificate? certificate)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => Limit(kestrel, certificate));
        builder.Services.AddRoutingCore();
        builder.Services.AddApiDocument();
        builder.Services.AddPolicies(observer);
        var limits = Kept(new RateLimits(options.Limits, observer));
        builder.Services.AddRateLimiter(limits.Configure);
        builder.Services.Configure<RouteHandlerOptions>(handlers => handlers.ThrowOnBadRequest = true); // the doorkeeper makes it a problem
        builder.Services.AddRequestTimeouts(timeouts => timeouts.DefaultPolicy = new()
        {
            Timeout = options.RequestTime,
            TimeoutStatusCode = StatusCodes.Status503ServiceUnavailable,
            WriteTimeoutResponse = context => Problems.Later(context.Response, 5, "the request took too long; ask again").ExecuteAsync(context),
        });
        var web = builder.Build();
        Kept(web.Services.GetRequiredService<DiagnosticListener>().Subscribe(new BadRequests(trail)));

        web.Use(next => context => meters.MeasureAsync(context, next));
        web.UseMiddleware<Auditor>(trail);
        web.UseMiddleware<Doorkeeper>(new HostNames(options.Access.Mode is AccessMode.None, options.Hosts), Logging.GetLogger(system, nameof(Doorkeeper)));
        web.UseRouting();
        web.UseMiddleware<Gate>(access!, limits, observer);
        if (options.Access.Mode is not AccessMode.None)
            web.UseRateLimiter();
        web.UseAuthorization();
        web.UseRequestTimeouts();
        Map(web, limits);
        return web;
    }

    private void Map(WebApplication web, RateLimits limits)
    {
        var coordinator = new CoordinatorClient(system, actors.Get<CoordinatorActor>());
        var office = new Office(coordinator, reads, options);
        new SweepEndpoints(office, reads, access!).Map(web);
        new TrialEndpoints(office, reads).Map(web);
        new ControlEndpoints(office, reads).Map(web);
        Kept(new AnalysisEndpoints(reads)).Map(web);
        Kept(new EventEndpoints(coordinator, reads, options, limits, TimeProvider.System)).Map(web);
        new HealthEndpoints(coordinator, reads).Map(web);
        web.MapApiDocument();
        web.MapFallback("{*path}", (HttpRequest request) => Problems.NotFound($"there is nothing at {request.Path}")).Needs(Role.Viewer);
    }

    private void Limit(KestrelServerOptions kestrel, ServerCertificate? certificate)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = MaxBody;
        kestrel.Limits.MaxRequestHeadersTotalSize = 16 * 1024;
        kestrel.Limits.MaxConcurrentConnections = MaxConnections;
        kestrel.Limits.RequestHeadersTimeout = options.Limits.HeadTime;
        kestrel.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(60);
        kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 240, gracePeriod: options.Limits.BodyGrace);
        kestrel.Listen(options.Bind, options.Port, listen =>
        {
            listen.Use(new ConnectionCap(options.Limits.ConnectionsPerAddress).Around);
            listen.Use(new FirstByte(options.Limits.HeadTime).Around);
            if (certificate is not null)
                listen.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = _ => new(new SslServerAuthenticationOptions { ServerCertificateContext = certificate.Current }) });
        });
    }

    private T Kept<T>(T part)
        where T : IDisposable
    {
        parts.Add(part);
        return part;
    }
}
