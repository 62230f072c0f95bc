using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Diagnostics;
using GenCluster.Core.Metrics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace GenCluster.Server.Metering;

/// <summary>What the HTTP API records: each request by the template of its path, and whom it turned away.</summary>
public sealed class ApiMeters(IMetricRecorder recorder)
{
    private static readonly FrozenSet<string> Methods = MetricCatalogue.HttpRequestSeconds.Labels[0].Values!.ToFrozenSet(StringComparer.Ordinal);

    private readonly ConcurrentDictionary<(string Method, string Route, int Status), IMetricSeries> series = [];
    private readonly SeriesBy<AuthFailure> failures = new(recorder, MetricCatalogue.AuthFailures);
    private readonly SeriesBy<RateLimit> limits = new(recorder, MetricCatalogue.RateLimited);
    private readonly IMetricSeries inFlight = recorder.Series(MetricCatalogue.HttpRequestsInFlight);
    private int requests;

    /// <summary>A request was not taken as somebody's, or not as of one who may do this.</summary>
    public void Failed(AuthFailure why) => failures[why].Record();

    /// <summary>A request was told to come later.</summary>
    public void Limited(RateLimit which) => limits[which].Record();

    /// <summary>Around all that answers a request.</summary>
    internal async Task MeasureAsync(HttpContext context, RequestDelegate next)
    {
        inFlight.Record(Interlocked.Increment(ref requests));
        long began = Stopwatch.GetTimestamp();
        try
        {
            await next(context);
        }
        finally
        {
            inFlight.Record(Interlocked.Decrement(ref requests));
            SeriesOf(context).Record(Stopwatch.GetElapsedTime(began).TotalSeconds);
        }
    }

    private IMetricSeries SeriesOf(HttpContext context)
    {
        string method = Methods.Contains(context.Request.Method) ? context.Request.Method : "other";
        string route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText is { } template && !template.Contains('*', StringComparison.Ordinal)
            ? template
            : MetricCatalogue.OtherRoute;
        return series.GetOrAdd((method, route, context.Response.StatusCode / 100), key => recorder.Series(MetricCatalogue.HttpRequestSeconds, key.Method, key.Route, $"{key.Status}xx"));
    }
}
