using GenCluster.TestServers;

namespace GenCluster.Dashboards.Tests.Rules;

public sealed class RuleFileTests
{
    public static TheoryData<string> Groups => [.. RuleCatalogue.All.Select(group => group.Name)];

    [Theory]
    [MemberData(nameof(Groups))]
    public void Is_what_the_code_makes(string name)
    {
        var group = RuleCatalogue.All.Single(group => group.Name == name);

        Deployed.ShouldHold(RuleCatalogue.FileOf(group), RulesYaml.Of(group));
    }

    [Fact]
    public void The_folder_holds_these_and_no_others() =>
        Deployed.ShouldHoldOnly("deploy/prometheus/rules", RuleCatalogue.All.Select(group => group.Name + ".yaml"));

    [Fact]
    public async Task Promtool_accepts_the_rules() =>
        (await Promtool.RunAsync("", ["check", "rules", .. RuleCatalogue.All.Select(group => Deployed.PathOf(RuleCatalogue.FileOf(group)))])).ShouldBeEmpty();

    [Fact]
    public async Task Promtool_accepts_the_configuration_with_the_rules() =>
        (await Promtool.RunAsync("", "check", "config", Deployed.PathOf("deploy/prometheus/prometheus.yml"))).ShouldBeEmpty();

    [Fact]
    public void Alerts_are_told_apart() => RuleCatalogue.Alerts.Select(alert => alert.Name).ShouldBeUnique();

    [Fact]
    public void Alerts_say_in_sentences_what_is_and_how_much()
    {
        foreach (var alert in RuleCatalogue.Alerts)
        {
            alert.Summary.ShouldNotEndWith(".", customMessage: alert.Name);
            alert.Description.ShouldMatch(@"\.$", alert.Name);
            (alert.Summary + alert.Description).ShouldNotContain("<", customMessage: alert.Name);
        }
    }
}
