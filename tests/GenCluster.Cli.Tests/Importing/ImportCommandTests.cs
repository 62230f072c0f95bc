using GenCluster.Cli.CommandLine;
using GenCluster.Cli.Tests.Support;

namespace GenCluster.Cli.Tests.Importing;

public sealed class ImportCommandTests : IDisposable
{
    private const string Wandb = """
        program: train.py
        method: bayes
        run_cap: 20
        metric: {name: loss, goal: minimize}
        parameters:
          lr: {distribution: log_uniform_values, min: 0.0001, max: 0.1}
          layers: {values: [2, 4]}
        entity: we
        RUN: 3
        """;

    private readonly Bench bench = new();

    public void Dispose() => bench.Dispose();

    [Fact]
    public async Task A_file_of_another_tool_is_printed_as_one_of_ours_and_what_is_left_out_is_told()
    {
        (await bench.RunAsync($"import {Write("wandb.yaml", Wandb)}")).ShouldBe(ExitCode.Done);

        bench.Out.ShouldMatch("import");
        bench.Error.ShouldBe("""
            /tmp/wandb.yaml:9:1: note GC0405: 'RUN' is not carried over: W&B knows no such key
            /tmp/wandb.yaml: read as a W&B sweep

            """.ReplaceLineEndings("\n"));
    }

    [Fact]
    public async Task What_was_printed_is_a_good_file()
    {
        await bench.RunAsync($"import {Write("wandb.yaml", Wandb)}");
        using var second = new Bench();
        string own = Path.Combine(second.Folder, "own.yaml");
        File.WriteAllText(own, bench.Out);

        (await second.RunAsync($"validate {own}")).ShouldBe(ExitCode.Done);

        second.Error.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("", true)]
    [InlineData(" --program train.py", false)]
    public async Task A_file_without_a_program_is_told_of_unless_one_is_given(string option, bool told)
    {
        (await bench.RunAsync($"import {Write("wandb.yaml", Wandb.Replace("program: train.py\n", "", StringComparison.Ordinal))}{option}")).ShouldBe(ExitCode.Done);

        bench.Error.Contains("GC0404", StringComparison.Ordinal).ShouldBe(told);
        bench.Error.Contains("; or give --program here", StringComparison.Ordinal).ShouldBe(told);
    }

    [Theory]
    [InlineData("wandb", "method: bayes")]
    [InlineData("katib", "algorithmName: bayesianoptimization")]
    public async Task Another_tools_file_can_be_asked_for(string to, string part)
    {
        (await bench.RunAsync($"import {Write("wandb.yaml", Wandb)} --to {to}")).ShouldBe(ExitCode.Done);

        bench.Out.ShouldContain(part);
    }

    [Fact]
    public async Task A_file_without_a_program_is_imported_and_not_run()
    {
        string file = Write("space.yaml", Wandb.Replace("program: train.py\n", "", StringComparison.Ordinal));

        (await bench.RunAsync($"import {file}")).ShouldBe(ExitCode.Done);
        bench.Error.ShouldContain("/tmp/space.yaml:1:1: warning GC0404: there is no program and no command");

        (await bench.RunAsync($"plan {file}")).ShouldBe(ExitCode.WrongInput);
        bench.Error.ShouldContain("/tmp/space.yaml:1:1: error GC0404: there is no program and no command");
    }

    [Fact]
    public async Task A_program_can_be_named_on_the_line()
    {
        string file = Write("space.yaml", Wandb.Replace("program: train.py\n", "", StringComparison.Ordinal));

        (await bench.RunAsync($"import {file} --program ours.py")).ShouldBe(ExitCode.Done);

        bench.Out.ShouldContain("program: ours.py");
    }

    [Fact]
    public async Task Json_has_the_text_and_all_that_is_said()
    {
        (await bench.RunAsync($"import {Write("wandb.yaml", Wandb)} --output json")).ShouldBe(ExitCode.Done);

        using var json = System.Text.Json.JsonDocument.Parse(bench.Out);
        json.RootElement.GetProperty("recognisedAs").GetString().ShouldBe("a W&B sweep");
        json.RootElement.GetProperty("text").GetString().ShouldNotBeNull().ShouldStartWith("apiVersion: gencluster/v1");
        json.RootElement.GetProperty("diagnostics")[0].GetProperty("severity").GetString().ShouldBe("note");
    }

    [Fact]
    public async Task Mistakes_end_with_2()
    {
        (await bench.RunAsync($"import {Write("wrong.yaml", Wandb.Replace("minimize", "least", StringComparison.Ordinal))}")).ShouldBe(ExitCode.WrongInput);

        bench.Out.ShouldBeEmpty();
        bench.Error.ShouldContain("error GC0402: metric.goal: got 'least'");
    }

    [Fact]
    public async Task A_model_of_ours_cannot_be_written_for_another_tool()
    {
        (await bench.RunAsync("import FILE --to wandb")).ShouldBe(ExitCode.WrongInput);

        bench.Error.ShouldContain("gencluster: trainable: W&B runs programs");
    }

    [Fact]
    public async Task Validate_and_plan_take_the_file_as_it_is()
    {
        string file = Write("wandb.yaml", Wandb);

        (await bench.RunAsync($"validate {file}")).ShouldBe(ExitCode.Done);
        (await bench.RunAsync($"plan {file}")).ShouldBe(ExitCode.Done);

        bench.Out.ShouldContain("/tmp/wandb.yaml: ok");
        bench.Error.ShouldContain("/tmp/wandb.yaml: read as a W&B sweep; 'gencluster import /tmp/wandb.yaml' writes it as a file of GenCluster");
        bench.Out.ShouldContain("layers: one of 2, 4");
    }

    private string Write(string name, string text)
    {
        string path = Path.Combine(bench.Folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
