using System.Text.RegularExpressions;
using GenCluster.Core.Metrics;
using GenCluster.Core.Trials;

namespace GenCluster.Core.Tests.Metrics;

public sealed partial class MetricCatalogueTests
{
    public static TheoryData<string> Names => [.. MetricCatalogue.All.Select(metric => metric.Name)];

    [Fact]
    public void Names_are_different() => MetricCatalogue.All.Select(metric => metric.Name).Distinct().Count().ShouldBe(MetricCatalogue.All.Count);

    [Fact]
    public void Every_process_serves_some_and_all_are_served()
    {
        MetricCatalogue.Of(MetricProcess.Coordinator).ShouldNotBeEmpty();
        MetricCatalogue.Of(MetricProcess.Worker).ShouldNotBeEmpty();
        MetricCatalogue.All.ShouldAllBe(metric => metric.Processes != MetricProcess.None);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_name_has_our_prefix_and_says_what_is_counted(string name)
    {
        var metric = Find(name);

        name.ShouldMatch("^gencluster_[a-z][a-z_]*[a-z]$");
        name.EndsWith("_total", StringComparison.Ordinal).ShouldBe(metric.Kind is MetricKind.Counter);
        if (metric.Unit.StartsWith("seconds", StringComparison.Ordinal))
            name.ShouldEndWith("_seconds");
        if (metric.Unit == "seconds since 1970")
            name.ShouldEndWith("_timestamp_seconds");
        if (metric.Unit == "bytes" && metric.Kind is not MetricKind.Counter)
            name.ShouldEndWith("_bytes");
        metric.Help.ShouldNotEndWith(".");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Histograms_alone_have_buckets_and_they_rise(string name)
    {
        var metric = Find(name);

        metric.Buckets.Any().ShouldBe(metric.Kind is MetricKind.Histogram);
        metric.Buckets.ShouldBe(metric.Buckets.Order().Distinct());
        metric.Buckets.Count.ShouldBeLessThanOrEqualTo(18);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void What_comes_and_goes_is_a_label_of_gauges_alone(string name)
    {
        var metric = Find(name);

        if (metric.Of is not null)
            metric.Kind.ShouldBe(MetricKind.Gauge);
        if (metric.Labels.Contains(MetricLabel.Trial))
            metric.Labels.ShouldContain(MetricLabel.Sweep);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Labels_are_known_and_few(string name)
    {
        var metric = Find(name);
        MetricLabel[] open = [MetricLabel.Sweep, MetricLabel.Trial, MetricLabel.Route, MetricLabel.Version, MetricLabel.Commit];

        metric.Labels.Where(label => label.Values is null).Except(open).ShouldBeEmpty();
        metric.Labels.Select(label => label.Name).Distinct().Count().ShouldBe(metric.Labels.Count);
        metric.Labels.ShouldAllBe(label => Word().IsMatch(label.Name) && !label.Name.StartsWith("__", StringComparison.Ordinal));
        metric.Labels.Where(label => label.Values is not null).Aggregate(1, (series, label) => series * label.Values!.Count).ShouldBeLessThanOrEqualTo(40);
        metric.Labels.SelectMany(label => label.Values ?? []).ShouldAllBe(value => Value().IsMatch(value));
    }

    [Fact]
    public void An_enumeration_is_a_closed_set_of_lower_case_values() =>
        MetricLabel.Closed<FailureClass>("cause").Values.ShouldBe(["user_error", "non_finite", "out_of_memory", "lost", "preempted", "hardware"]);

    private static MetricDefinition Find(string name) => MetricCatalogue.All.Single(metric => metric.Name == name);

    [GeneratedRegex("^[a-z_]+$")]
    private static partial Regex Word();

    [GeneratedRegex("^([a-z_]+|[A-Z]+|[1-5]xx)$")]
    private static partial Regex Value();
}
