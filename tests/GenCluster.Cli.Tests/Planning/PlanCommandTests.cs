using GenCluster.Cli.CommandLine;
using GenCluster.Cli.Tests.Support;

namespace GenCluster.Cli.Tests.Planning;

public sealed class PlanCommandTests : IDisposable
{
    private readonly Bench bench = new();

    public void Dispose() => bench.Dispose();

    [Theory]
    [InlineData("plan FILE", "plan")]
    [InlineData("plan FILE --first 2", "plan-first-2")]
    [InlineData("plan FILE --first 1 --output json", "plan-json")]
    public async Task Shows_what_would_run(string line, string expectation)
    {
        (await bench.RunAsync(line)).ShouldBe(ExitCode.Done);

        bench.Out.ShouldMatch(expectation);
        bench.Error.ShouldBeEmpty();
        Directory.Exists(bench.Runs).ShouldBeFalse();
    }

    [Fact]
    public async Task A_broken_file_ends_with_2()
    {
        File.WriteAllText(bench.SweepFile, "kind: Swep\n");

        (await bench.RunAsync("plan FILE")).ShouldBe(ExitCode.WrongInput);

        bench.Out.ShouldBeEmpty();
        bench.Error.ShouldContain("/tmp/clothes.yaml:1:7: error GC");
    }
}
