using GenCluster.Core.Models;
using GenCluster.Dashboards.Tests.Queries;
using GenCluster.Dashboards.Tests.Rules;

namespace GenCluster.Dashboards.Tests.Runbooks;

public sealed class RunbookTests
{
    /// <summary>The code of the two programs: commands and options are looked up there, as their help would tell of them.</summary>
    private static readonly string Programs = string.Concat(
        new[] { "src/GenCluster.Cli", "src/GenCluster.Worker" }
            .SelectMany(project => Directory.EnumerateFiles(Deployed.PathOf(project), "*.cs", SearchOption.AllDirectories))
            .Select(File.ReadAllText));

    private static readonly string SweepFile = File.ReadAllText(Deployed.PathOf("docs/sweep-file.md"));

    public static TheoryData<string> Pages => [.. Runbook.All.Select(page => page.Name)];

    [Fact]
    public void Every_alert_has_its_page_and_every_page_its_alert() =>
        Runbook.All.Select(page => page.Name).ShouldBe(RuleCatalogue.Alerts.Select(alert => alert.Name), ignoreOrder: true);

    [Theory]
    [MemberData(nameof(Pages))]
    public void Says_what_it_means_whom_it_hurts_where_to_look_what_to_do_and_when_it_is_over(string page) =>
        Of(page).Headings.ShouldBe([page, "What it means", "Who is hurt", "How to look", "What to do", "How it clears"]);

    [Theory]
    [MemberData(nameof(Pages))]
    public void Queries_name_only_what_is_served(string page)
    {
        foreach (string query in Of(page).Queries)
        {
            var read = PromQl.Read(query);
            read.Metrics.Where(metric => Vocabulary.LabelsOf(metric.Metric) is null).Select(metric => metric.Metric).ShouldBeEmpty(query);
            foreach (var metric in read.Metrics)
                metric.Labels.Except(Vocabulary.LabelsOf(metric.Metric)!).ShouldBeEmpty(query);
        }
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Commands_options_and_keys_that_it_says_exist(string page)
    {
        Of(page).Commands.Where(command => !IsCommand(command)).ShouldBeEmpty();
        Of(page).Options.Where(option => !Programs.Contains($"\"{option}\"", StringComparison.Ordinal)).ShouldBeEmpty();
        Of(page).Keys.Where(key => !IsKey(key)).ShouldBeEmpty();
    }

    [Fact]
    public void The_page_about_monitoring_lists_all_dashboards_and_alerts() =>
        Deployed.ShouldHold(MonitoringTables.Page, MonitoringTables.PutInto(File.ReadAllText(Deployed.PathOf(MonitoringTables.Page))));

    [Fact]
    public void A_command_that_is_none_would_be_found()
    {
        var page = new Runbook("X", "`gencluster heal SWEEP --hard`, `--soft`, `training.luck`, `kubectl get --all`");

        page.Commands.Where(command => !IsCommand(command)).ShouldBe(["heal"]);
        page.Options.ShouldBe(["--hard", "--soft"]);
        page.Keys.Where(key => !IsKey(key)).ShouldBe(["training.luck"]);
    }

    private static bool IsCommand(string command) =>
        Programs.Contains($"base(\"{command}\"", StringComparison.Ordinal) || Programs.Contains($"Verb.{char.ToUpperInvariant(command[0])}{command[1..]},", StringComparison.Ordinal);

    private static bool IsKey(string key) =>
        SweepFile.Contains($"`{key}`", StringComparison.Ordinal) || ModelCatalogue.All.Any(model => model.Find(key) is not null);

    private static Runbook Of(string page) => Runbook.All.Single(runbook => runbook.Name == page);
}
