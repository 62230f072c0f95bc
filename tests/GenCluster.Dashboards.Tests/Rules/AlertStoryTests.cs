using GenCluster.Dashboards.Tests.Queries;
using GenCluster.TestServers;

namespace GenCluster.Dashboards.Tests.Rules;

/// <summary>Every alert has been seen to fire, and to hold its peace where it nearly would have.</summary>
public sealed class AlertStoryTests
{
    [Fact]
    public async Task Alerts_fire_when_they_should_with_these_words_and_not_otherwise() =>
        (await Promtool.RunAsync("", ["test", "rules", .. AlertStory.Files.Select(Deployed.PathOf)])).ShouldBeEmpty();

    [Fact]
    public void Every_alert_has_its_story_and_every_story_its_alert() =>
        AlertStory.Files.Select(Path.GetFileNameWithoutExtension).ShouldBe(RuleCatalogue.Alerts.Select(alert => alert.Name), ignoreOrder: true);

    [Fact]
    public void A_story_tells_of_its_alert_firing_and_silent()
    {
        foreach (var story in AlertStory.Files.Select(AlertStory.Read))
        {
            story.Cases.SelectMany(told => told.Asks).ShouldAllBe(asked => asked == story.Alert, story.Alert);
            story.Cases.ShouldContain(told => told.Fires, $"{story.Alert} never fires in its story");
            story.Cases.ShouldContain(told => !told.Fires, $"{story.Alert} is never silent in its story");
            story.Cases.ShouldAllBe(told => told.Name.StartsWith(told.Fires ? "fires, " : "silent, "), story.Alert);
        }
    }

    /// <summary>A silent control without what the alert is about would be silent whatever the rule says.</summary>
    [Fact]
    public void A_silent_case_has_series_that_the_rule_reads()
    {
        foreach (var story in AlertStory.Files.Select(AlertStory.Read))
        {
            string[] read = [.. ReadBy(RuleCatalogue.Alerts.Single(alert => alert.Name == story.Alert).Expression)];
            foreach (var silent in story.Cases.Where(told => !told.Fires))
                silent.Series.Select(series => PromQl.Read(series).Metrics[0].Metric).Intersect(read).ShouldNotBeEmpty($"{story.Alert}: {silent.Name}");
        }
    }

    /// <summary>Also what is recorded from.</summary>
    private static IEnumerable<string> ReadBy(string expression) => PromQl.Read(expression).Metrics.SelectMany(metric =>
        RuleCatalogue.Recordings.FirstOrDefault(rule => rule.Series == metric.Metric) is { } recording ? ReadBy(recording.Expression) : [metric.Metric]);
}
