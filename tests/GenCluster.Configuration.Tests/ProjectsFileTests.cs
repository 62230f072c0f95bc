using System.Collections.Immutable;
using System.Text;
using GenCluster.Core.Placement;

namespace GenCluster.Configuration.Tests;

public sealed class ProjectsFileTests
{
    [Fact]
    public void Quotas_and_weights_are_read_by_project()
    {
        var rules = Parse("""
            apiVersion: gencluster/v1
            kind: Projects
            projects:
              vision: {quota: 8, weight: 2}
              speech: {quota: 4}
              default: {}
            """).Rules;

        rules.ShouldNotBeNull().Projects.ShouldBe(ImmutableSortedDictionary<string, ProjectRule>.Empty
            .Add("default", new ProjectRule(null, 1)).Add("speech", new ProjectRule(4, 1)).Add("vision", new ProjectRule(8, 2)));
        (rules.QuotaOf("speech"), rules.QuotaOf("unheard-of"), rules.WeightOf("unheard-of")).ShouldBe((4, int.MaxValue, 1));
    }

    [Fact]
    public void All_mistakes_are_told_at_once()
    {
        var result = Parse("""
            apiVersion: gencluster/v1
            kind: Projects
            projects:
              Vision: {quota: 0, wieght: 2}
              speech: 4
            """);

        result.Rules.ShouldBeNull();
        result.Diagnostics.Select(d => d.ToString()).ShouldBe(
        [
            "projects.yaml:4:3: error GC0106: projects: 'Vision' is no name of a project; write 1 to 63 lower-case letters, digits and hyphens, with a letter or digit first and last",
            "projects.yaml:4:19: error GC0103: projects.'Vision'.quota: got 0; write an integer from 1 to 1000000",
            "projects.yaml:4:22: error GC0101: projects.'Vision': unknown key 'wieght'; the nearest known key is weight, known are quota, weight",
            "projects.yaml:5:11: error GC0104: projects.'speech': got 4; write a map with quota, weight",
        ]);
    }

    [Fact]
    public void A_sweep_is_no_file_of_projects()
    {
        Parse("apiVersion: gencluster/v1\nkind: Sweep\nprojects: []").Diagnostics.Select(d => d.Code).ShouldBe(["GC0105", "GC0104"]);
    }

    [Fact]
    public void That_there_is_no_file_is_told_too()
    {
        ProjectsFile.Load("/no/such/file.yaml").Diagnostics.ShouldHaveSingleItem().ToString()
            .ShouldBe("/no/such/file.yaml:1:1: error GC0001: there is no such file; check the path");
    }

    private static ProjectsFileResult Parse(string text) => ProjectsFile.Parse("projects.yaml", Encoding.UTF8.GetBytes(text));
}
