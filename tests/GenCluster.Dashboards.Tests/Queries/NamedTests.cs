using System.Text.RegularExpressions;
using GenCluster.Core.Metrics;
using GenCluster.Dashboards.Tests.Dashboards;
using GenCluster.Dashboards.Tests.Rules;

namespace GenCluster.Dashboards.Tests.Queries;

/// <summary>Dashboards and rules name only what is served.</summary>
public sealed partial class NamedTests
{
    /// <summary>Each expression, by where it stands.</summary>
    public static TheoryData<string, string> Expressions =>
    [
        .. DashboardCatalogue.All.SelectMany(page => page.Panels.SelectMany(panel => panel.Queries.Select(query => ($"{page.Name}: {panel.Title}", query.Expression)))),
        .. DashboardCatalogue.All.SelectMany(page => page.Variables.Select(variable => ($"{page.Name}: ${variable.Name}", variable.Series))),
        .. RuleCatalogue.All.SelectMany(group => group.Rules).Select(rule => (rule is Alert alert ? alert.Name : ((Recording)rule).Series, rule.Expression)),
    ];

    [Theory]
    [MemberData(nameof(Expressions))]
    public void Every_metric_and_label_of_an_expression_is_served(string place, string expression)
    {
        var read = PromQl.Read(expression);

        read.Metrics.Where(metric => Vocabulary.LabelsOf(metric.Metric) is null).Select(metric => metric.Metric).ShouldBeEmpty($"{place} names what nobody serves");
        foreach (var metric in read.Metrics)
            metric.Labels.Except(Vocabulary.LabelsOf(metric.Metric)!).ShouldBeEmpty($"{place} picks {metric.Metric} by labels that it does not have");
        read.Groupings.Except(LabelsIn(read)).ShouldBeEmpty($"{place} groups by labels that none of its metrics has");
    }

    /// <summary>A value that a label never has would be an empty line for ever.</summary>
    [Theory]
    [MemberData(nameof(Expressions))]
    public void Values_that_labels_are_compared_with_exist(string place, string expression)
    {
        foreach (Match compared in Comparison().Matches(expression))
        {
            if (MetricOf(compared.Groups["metric"].Value) is not { } metric)
                continue;
            foreach (Match matcher in Matcher().Matches(compared.Groups["matchers"].Value))
            {
                if (metric.Labels.FirstOrDefault(label => label.Name == matcher.Groups["label"].Value)?.Values is { } values)
                    matcher.Groups["values"].Value.Split('|').Except(values).ShouldBeEmpty($"{place} asks {metric.Name} for values of {matcher.Groups["label"].Value} that it never has");
            }
        }
    }

    [Fact]
    public void Names_in_legends_are_labels_of_what_is_shown()
    {
        foreach (var (page, panel, query) in DashboardCatalogue.All.SelectMany(page => page.Panels.SelectMany(panel => panel.Queries.Select(query => (page, panel, query)))))
            NameInLegend().Matches(query.Legend).Select(name => name.Groups["label"].Value)
                .Except(LabelsIn(PromQl.Read(query.Expression))).ShouldBeEmpty($"{page.Name}: {panel.Title}");
    }

    [Fact]
    public void Names_in_texts_of_alerts_are_labels_of_the_alert()
    {
        foreach (var alert in RuleCatalogue.Alerts)
            NameInText().Matches(alert.Summary + alert.Description).Select(name => name.Groups["label"].Value)
                .Except(LabelsIn(PromQl.Read(alert.Expression))).ShouldBeEmpty(alert.Name);
    }

    /// <summary>What nobody looks at is measured for nothing.</summary>
    [Fact]
    public void Every_metric_is_on_a_dashboard()
    {
        var shown = DashboardCatalogue.All.SelectMany(page => page.Panels).SelectMany(panel => panel.Queries)
            .SelectMany(query => PromQl.Read(query.Expression).Metrics).Select(metric => MetricOf(metric.Metric)?.Name).ToHashSet();

        MetricCatalogue.All.Select(metric => metric.Name).Except(shown).ShouldBe(NotShown, ignoreOrder: true);
    }

    private static readonly string[] NotShown =
    [
        "gencluster_worker_attached", // the coordinator's count of workers is on the page of the cluster; this one is for an alert
        "gencluster_worker_running", // the same
        "gencluster_run_started_timestamp_seconds", // where there is no checkpoint yet
        "gencluster_checkpoint_interval_steps", // beside the age of checkpoints, in their alert
        "gencluster_gan_nonfinite_total", // trials that fail for it are shown by their reason
    ];

    private static MetricDefinition? MetricOf(string series) => MetricCatalogue.All.FirstOrDefault(metric =>
        series == metric.Name || (metric.Kind is MetricKind.Histogram && series.StartsWith(metric.Name + "_", StringComparison.Ordinal)));

    private static HashSet<string> LabelsIn(PromQl read) => [.. read.Metrics.SelectMany(metric => Vocabulary.LabelsOf(metric.Metric) ?? new HashSet<string>()), .. read.Made];

    [GeneratedRegex(@"(?<metric>[a-z_:]+)\{(?<matchers>[^}]*)\}")]
    private static partial Regex Comparison();

    [GeneratedRegex(@"(?<label>\w+)(=|!=|=~|!~)""(?<values>[a-z0-9_|]+)""")]
    private static partial Regex Matcher();

    [GeneratedRegex(@"\{\{(?<label>\w+)\}\}")]
    private static partial Regex NameInLegend();

    [GeneratedRegex(@"\$labels\.(?<label>\w+)")]
    private static partial Regex NameInText();
}
