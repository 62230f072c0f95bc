namespace GenCluster.Core.Metrics;

/// <summary>What a coordinator's node serves of its HTTP API.</summary>
public static partial class MetricCatalogue
{
    /// <summary>Requests for anything else count as <see cref="OtherRoute"/>.</summary>
    public const string OtherRoute = "other";

    public static readonly MetricDefinition HttpRequestSeconds = Histogram(
        "http_request_seconds", "seconds", Buckets.Request, Coordinator,
        "From a request's arrival to the end of its answer, by the template of its path; following a sweep takes as long as one follows it",
        MetricLabel.Closed("method", "GET", "POST", "PUT", "PATCH", "DELETE", "other"),
        MetricLabel.Route,
        MetricLabel.Closed("status", "1xx", "2xx", "3xx", "4xx", "5xx"));

    public static readonly MetricDefinition HttpRequestsInFlight = Gauge("http_requests_in_flight", "requests", Coordinator, "Requests that are being answered");

    public static readonly MetricDefinition AuthFailures = Counter(
        "auth_failures", "requests", Coordinator, "Requests that were not taken as somebody's, or not as of one who may", MetricLabel.Closed<AuthFailure>("reason"));

    public static readonly MetricDefinition RateLimited = Counter(
        "rate_limited", "requests", Coordinator, "Requests that were told to come later", MetricLabel.Closed<ApiLimit>("scope"));
}
