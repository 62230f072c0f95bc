using GenCluster.Cli.CommandLine;
using GenCluster.Cli.Runs;

namespace GenCluster.Cli.Tests.Runs;

public sealed class RunFolderTests : IDisposable
{
    private readonly string runs = Directory.CreateTempSubdirectory("gencluster-runs-").FullName;

    public void Dispose() => Directory.Delete(runs, recursive: true);

    [Fact]
    public void Can_be_taken_again_after_it_was_let_go()
    {
        RunFolder.Open(runs, "one").Dispose();

        using var again = RunFolder.Open(runs, "one");

        again.Path.ShouldBe(Path.Combine(runs, "one"));
    }

    [Fact]
    public void Another_holder_is_named_by_its_process()
    {
        using var held = RunFolder.Open(runs, "one");

        var refusal = Should.Throw<CliException>(() => RunFolder.Open(runs, "one"));

        refusal.ExitCode.ShouldBe(ExitCode.Failed);
        refusal.Message.ShouldContain($"(process {Environment.ProcessId})");
        using var other = RunFolder.Open(runs, "two");
    }

    [Fact]
    public void A_folder_that_cannot_be_made_is_one_sentence_with_a_remedy()
    {
        File.WriteAllText(Path.Combine(runs, "file"), "");

        var refusal = Should.Throw<CliException>(() => RunFolder.Open(Path.Combine(runs, "file"), "one"));

        refusal.Message.ShouldStartWith($"cannot write to the run folder {Path.Combine(runs, "file", "one")}: ");
        refusal.Message.ShouldEndWith("; choose another one with --runs DIR");
        refusal.Message.ShouldNotContain("\n");
    }
}
