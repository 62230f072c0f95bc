namespace GenCluster.Dashboards.Tests.Rules.Groups;

/// <summary>What many rules say alike.</summary>
/// <remarks>
/// Installations that share a Prometheus are told apart by the scrape's label <c>namespace</c>, which is missing outside
/// Kubernetes: rules group by it, and texts name it where it is there.
/// </remarks>
internal static class Phrases
{
    /// <summary>Ends a sentence with the namespace, if there is one.</summary>
    public const string Here = "{{ with $labels.namespace }} in namespace {{ . }}{{ end }}";

    /// <summary>The trial that an alert is about.</summary>
    public const string Trial = "trial {{ $labels.trial }} of {{ $labels.sweep }}";

    /// <summary>How many. What a counter has risen in a span is an estimate, and need not be whole.</summary>
    public const string Count = "{{ $value | printf \"%.0f\" }}";

    public const string Number = "{{ $value | printf \"%.3g\" }}";
    public const string Span = "{{ $value | humanizeDuration }}";
    public const string Share = "{{ $value | humanizePercentage }}";

    /// <summary>Every trial that lives, and the worker that works on it: 1.</summary>
    public const string WorkerTrial = "gencluster:worker_trial:info";

    /// <summary>Seconds that a step of a trial usually takes.</summary>
    public const string UsualStep = "gencluster:trial_step_seconds:mean1h";

    /// <summary>The share of their time that members of a trial's gang wait for others.</summary>
    public const string WaitShare = "gencluster:trial_allreduce_wait:ratio5m";

    /// <summary>How much each series of a counter has risen in a span, one that began within the span and is not 0 included.</summary>
    /// <remarks><c>increase</c> alone does not see what a process counted before it was scraped for the first time.</remarks>
    public static string Rise(string counter, string span) =>
        $"(increase({counter}[{span}]) > 0 or ({counter} > 0 unless {counter} offset {span}))";
}
