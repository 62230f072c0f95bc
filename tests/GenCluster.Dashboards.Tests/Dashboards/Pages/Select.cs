namespace GenCluster.Dashboards.Tests.Dashboards.Pages;

/// <summary>What the reader has picked, as matchers; and looks, in one word.</summary>
/// <remarks>
/// Where Prometheus gives no label <c>namespace</c>, outside Kubernetes, "All" matches what has none. Only gauges carry a sweep
/// and a trial, so what a worker counts is tied to its trial by the scrape's <c>instance</c>.
/// </remarks>
internal static class Select
{
    public static readonly Variable Namespace = new("namespace", "Namespace", "gencluster_build_info");
    public static readonly Variable Sweep = new("sweep", "Sweep", """gencluster_sweep_trials{namespace=~"$namespace"}""");
    public static readonly Variable Trial = new("trial", "Trial", """gencluster_trial_step{namespace=~"$namespace", sweep=~"$sweep"}""");

    /// <summary>A metric of the namespaces that were picked.</summary>
    public static string In(string metric, string more = "") => $$"""{{metric}}{namespace=~"$namespace"{{(more == "" ? "" : ", " + more)}}}""";

    /// <summary>A gauge of the sweeps that were picked.</summary>
    public static string OfSweep(string metric, string more = "") => In(metric, """sweep=~"$sweep" """.Trim() + (more == "" ? "" : ", " + more));

    /// <summary>A gauge of the trials that were picked.</summary>
    public static string OfTrial(string metric, string more = "") => OfSweep(metric, """trial=~"$trial" """.Trim() + (more == "" ? "" : ", " + more));

    /// <summary>How fast a counter grows, in a second.</summary>
    public static string Rate(string counter, string more = "") => $"rate({In(counter, more)}[$__rate_interval])";

    /// <summary>The same, of the workers that work on the trials that were picked.</summary>
    public static string RateOfTrial(string counter, string more = "") => $"({Rate(counter, more)} and on (namespace, instance) {OfTrial("gencluster_run_step")})";

    public static string Quantile(double share, string histogram, string by = "", string more = "") => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"histogram_quantile({share}, sum by (le{(by == "" ? "" : ", " + by)}) ({Rate(histogram + "_bucket", more)}))");

    public static Panel Lines(string title, string unit, string about, params IReadOnlyList<Query> queries) => new(Look.Lines, title, about, unit, queries);

    public static Panel Stack(string title, string unit, string about, params IReadOnlyList<Query> queries) => Lines(title, unit, about, queries).Set(stacked: true, min: 0);

    public static Panel Number(string title, string unit, string about, params IReadOnlyList<Query> queries) =>
        new Panel(Look.Number, title, about, unit, queries).Set(width: 4, height: 5);

    /// <summary>The typical and the bad case of a histogram, for each of a label's values.</summary>
    public static IReadOnlyList<Query> HalfAndMost(string histogram, double most = 0.99, string by = "", string more = "")
    {
        string name = by == "" ? "" : $"{{{{{by}}}}} ";
        return [new(Quantile(0.5, histogram, by, more), $"{name}half are faster"), new(Quantile(most, histogram, by, more), $"{name}{most * 100:0} % are faster")];
    }
}
