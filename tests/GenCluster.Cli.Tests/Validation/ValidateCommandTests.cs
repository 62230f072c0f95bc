using GenCluster.Cli.CommandLine;
using GenCluster.Cli.Tests.Support;

namespace GenCluster.Cli.Tests.Validation;

public sealed class ValidateCommandTests : IDisposable
{
    private readonly Bench bench = new();

    public void Dispose() => bench.Dispose();

    [Fact]
    public async Task A_good_file_is_ok()
    {
        (await bench.RunAsync("validate FILE")).ShouldBe(ExitCode.Done);

        bench.Out.ShouldBe("/tmp/clothes.yaml: ok\n");
        bench.Error.ShouldBeEmpty();
    }

    [Fact]
    public async Task All_files_are_checked_and_one_mistake_ends_with_2()
    {
        string broken = Path.Combine(bench.Folder, "broken.yaml");
        File.WriteAllText(broken, "kind: Swep\nnmae: x\n");

        (await bench.RunAsync($"validate {broken} FILE /nowhere.yaml")).ShouldBe(ExitCode.WrongInput);

        bench.Out.ShouldBe("/tmp/clothes.yaml: ok\n");
        bench.Error.ShouldContain("/tmp/broken.yaml:1:7: error GC");
        bench.Error.ShouldContain("/tmp/broken.yaml:2:1: error GC");
        bench.Error.ShouldContain("/nowhere.yaml:1:1: error GC0001: there is no such file");
    }

    [Fact]
    public async Task An_algorithm_that_cannot_search_the_space_is_refused_where_it_stands()
    {
        File.WriteAllText(bench.SweepFile, """
            apiVersion: gencluster/v1
            kind: Sweep
            name: endless
            trainable: {model: vae}
            training: {steps: 100}
            search: {maxTrials: 4, algorithm: grid}
            parameters: {klWeight: {min: 0.1, max: 2.0}}
            """);

        (await bench.RunAsync("validate FILE")).ShouldBe(ExitCode.WrongInput);

        bench.Out.ShouldBeEmpty();
        bench.Error.ShouldStartWith("/tmp/clothes.yaml:6:35: error GC0313: search.algorithm: grid cannot: ");
    }

    [Fact]
    public async Task The_schema_is_printed()
    {
        (await bench.RunAsync("schema")).ShouldBe(ExitCode.Done);

        bench.Out.ShouldBe(Configuration.Editors.SweepJsonSchema.Text());
    }
}
