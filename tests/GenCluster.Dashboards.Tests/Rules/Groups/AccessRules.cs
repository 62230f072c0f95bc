using static GenCluster.Dashboards.Tests.Rules.Groups.Phrases;

namespace GenCluster.Dashboards.Tests.Rules.Groups;

/// <summary>The API answers those who may ask.</summary>
internal static class AccessRules
{
    public static RuleGroup Group { get; } = new(
        "access", "The API answers, and only those who may ask.",
        new Alert(
            "GenClusterApiErrors", Severity.Warning, "10m",
            """
            sum by (namespace) (rate(gencluster_http_request_seconds_count{status="5xx"}[5m]))
              / sum by (namespace) (rate(gencluster_http_request_seconds_count[5m])) > 0.05
            """,
            $"The API does not answer what it is asked{Here}",
            $"{Share} of all requests end with a 5xx."),
        new Alert(
            "GenClusterApiSlow", Severity.Warning, "15m",
            """histogram_quantile(0.99, sum by (namespace, route, le) (rate(gencluster_http_request_seconds_bucket{route!~".*/events"}[10m]))) > 2""",
            "The API is slow at {{ $labels.route }}" + Here,
            $"One answer in a hundred takes longer than {Span}."),
        new Alert(
            "GenClusterAuthFailuresHigh", Severity.Warning, "5m",
            """sum by (namespace) (increase(gencluster_auth_failures_total{reason=~"malformed|unknown|wrong_audience|wrong_issuer|bad_signature|forbidden"}[15m])) > 50""",
            $"Many requests come with wrong credentials{Here}",
            $"Such requests in the last quarter of an hour: {Count}. A client that was not told of a new token, or somebody who tries."),
        new Alert(
            "GenClusterAuthUnavailable", Severity.Critical, "5m",
            """sum by (namespace) (increase(gencluster_auth_failures_total{reason="away"}[5m])) > 0""",
            $"Nobody can say who asks{Here}",
            $"Requests turned away in five minutes because what knows the credentials does not answer: {Count}. Running sweeps go on."),
        new Alert(
            "GenClusterTlsRefused", Severity.Warning, "5m",
            """sum by (namespace, plane, reason) (increase(gencluster_tls_handshakes_refused_total[15m])) > 10""",
            "TLS handshakes are refused at the {{ $labels.plane }} port" + Here,
            $"Refused in the last quarter of an hour, because of {{{{ $labels.reason }}}}: {Count}."),
        new Alert(
            "GenClusterCertExpiring", Severity.Warning, "1h",
            "min by (namespace, instance, plane) (gencluster_certificate_not_after_timestamp_seconds) - time() < 14 * 86400",
            "The certificate of {{ $labels.instance }} ends soon" + Here,
            $"The one at the {{{{ $labels.plane }}}} port is valid for another {Span}. After that nobody can connect."));
}
