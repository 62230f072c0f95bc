using GenCluster.Configuration;
using GenCluster.Helm.Tests.Support;
using k8s.Models;
using YamlDotNet.RepresentationModel;

namespace GenCluster.Helm.Tests;

/// <summary>What is written about the charts, and what they carry copies of, is as it is.</summary>
public sealed class DocumentationTests
{
    public static TheoryData<string> Charts => [.. Chart.All.Select(c => c.Name)];

    [Theory]
    [MemberData(nameof(Charts))]
    public void The_readme_names_every_value(string chart) =>
        Repository.ShouldBeMade(ValuesReadme.Of(Chart.Of(chart)), $"helm/{chart}/values.yaml and README.head.md", "helm", chart, "README.md");

    [Theory]
    [MemberData(nameof(Charts))]
    public async Task Helm_itself_finds_nothing_to_mend(string chart)
    {
        var answer = await HelmProgram.RunAsync("lint", "--strict", Chart.Of(chart).Folder, "-f", Chart.Of(chart).ValuesFile(chart == Chart.Sweep.Name ? "quickstart" : "three-coordinators"));

        answer.Code.ShouldBe(0, answer.Out + answer.Error);
        answer.Out.ShouldNotContain("[WARNING]");
    }

    [Theory]
    [MemberData(nameof(Charts))]
    public void Chart_and_programs_are_of_one_release(string chart)
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(Repository.Read("helm", chart, "Chart.yaml")));
        var head = (YamlMappingNode)yaml.Documents[0].RootNode;

        $"{head["appVersion"]}".ShouldBe(typeof(Cli.CommandLine.App).Assembly.GetName().Version!.ToString(3));
    }

    [Fact]
    public void Dashboards_and_alerts_in_the_chart_are_those_of_deploy()
    {
        foreach (string file in Carried.Dashboards)
            Repository.ShouldBeMade(File.ReadAllText(file).ReplaceLineEndings("\n"), Path.GetRelativePath(Repository.Root, file), "helm", "gencluster", "files", "dashboards", Path.GetFileName(file));
        foreach (string file in Carried.Rules)
            Repository.ShouldBeMade(File.ReadAllText(file).ReplaceLineEndings("\n"), Path.GetRelativePath(Repository.Root, file), "helm", "gencluster", "files", "rules", Path.GetFileName(file));

        string files = Repository.PathOf("helm", "gencluster", "files");
        string[] copies = Directory.Exists(files) ? [.. Directory.EnumerateFiles(files, "*", SearchOption.AllDirectories).Where(f => Path.GetExtension(f) != ".md").Select(f => Path.GetFileName(f))] : [];
        copies.ShouldBe(Carried.Dashboards.Concat(Carried.Rules).Select(f => Path.GetFileName(f)), ignoreOrder: true);
    }

    [Fact]
    public async Task The_sweep_of_helm_test_is_one_that_workers_can_run()
    {
        var manifests = await Chart.Cluster.RenderAsync("defaults");

        string text = manifests.One<V1ConfigMap>("lab-gencluster-test").Data["sweep.yaml"];
        var sweep = SweepFile.Parse("sweep.yaml", System.Text.Encoding.UTF8.GetBytes(text));
        sweep.Diagnostics.ShouldBeEmpty();
        sweep.Spec!.Trainable.Command.ShouldNotBeNull();
        sweep.Spec.Search.MaxTrials.ShouldBe(2);
    }
}
