namespace GenCluster.Dashboards.Tests.Queries;

public sealed class PromQlTests
{
    [Theory]
    [InlineData("up", "up")]
    [InlineData("""sum by (a, b) (rate(x_total{c="d", e=~"f|g{}"}[5m]))""", "x_total")]
    [InlineData("sum(x) without (a) / on (b) group_left (c) y", "x y")]
    [InlineData("histogram_quantile(0.95, sum by (le) (rate(x_seconds_bucket[$__rate_interval])))", "x_seconds_bucket")]
    [InlineData("""(time() - max by (sweep) (x:y_seconds{z!="by"})) > 15 * 60 and y > 0.5e3""", "x:y_seconds y")]
    [InlineData("""label_replace(max(x{a="b"}), "pod", "$1", "instance", "(.*):.*") unless z offset 5m""", "x z")]
    [InlineData("quantile_over_time(0.5, x[1h:5m]) > bool 1 # and y", "x")]
    [InlineData("count by (a) (x) == 2 or vector(0)", "x")]
    public void Finds_the_metrics_and_nothing_else(string expression, string metrics) =>
        string.Join(' ', PromQl.Read(expression).Metrics.Select(metric => metric.Metric)).ShouldBe(metrics);

    [Fact]
    public void Finds_the_labels_by_which_metrics_are_picked_and_grouped()
    {
        var read = PromQl.Read("""sum by (a) (x{b="c", d!~"e"}) * on (f) group_left (g, h) y{i="by (j)"}""");

        read.Metrics.Select(metric => $"{metric.Metric}: {string.Join(' ', metric.Labels)}").ShouldBe(["x: b d", "y: i"]);
        read.Metrics.Select(metric => metric.Selector).ShouldBe(["""x{b="c",d!~"e"}""", """y{i="by (j)"}"""]);
        read.Groupings.ShouldBe(["a", "f", "g", "h"]);
    }

    [Fact]
    public void Finds_the_labels_that_an_expression_makes() =>
        PromQl.Read("""label_replace(sum(x{a="b"}), "pod", "$1", "instance", "(.*)")""").Made.ShouldBe(["pod"]);

    [Theory]
    [InlineData("""{job="x"}""")]
    [InlineData("a ? b")]
    public void Refuses_what_it_cannot_hold_to_the_catalogue(string expression) => Should.Throw<FormatException>(() => PromQl.Read(expression));
}
