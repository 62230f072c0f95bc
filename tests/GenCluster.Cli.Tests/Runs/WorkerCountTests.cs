using GenCluster.Cli.CommandLine;
using GenCluster.Cli.Runs;
using GenCluster.Cli.Tests.Support;
using GenCluster.Core.Sweeps;

namespace GenCluster.Cli.Tests.Runs;

public sealed class WorkerCountTests
{
    [Theory]
    [InlineData(4, 2, 1, 1, 8, 2)] // two trials at a time, one worker each
    [InlineData(4, 2, 1, 4, 16, 8)] // gangs of up to four
    [InlineData(1, 1, 1, 4, 16, 4)] // one trial, all its gang
    [InlineData(4, 2, 1, 4, 3, 3)] // as far as the machine has room
    [InlineData(4, 2, 4, 4, 2, 4)] // but one gang must fit
    public void Starts_what_the_sweep_can_use(int trials, int parallel, int min, int max, int processors, int expected)
    {
        WorkerCount.For(Spec(trials, parallel, min, max), null, processors).ShouldBe(expected);
    }

    [Fact]
    public void Does_what_it_is_asked_for()
    {
        WorkerCount.For(Spec(1, 1, 1, 1), 7, 2).ShouldBe(7);
    }

    [Fact]
    public void Refuses_fewer_than_a_gang_needs()
    {
        var refusal = Should.Throw<CliException>(() => WorkerCount.For(Spec(1, 1, 2, 4), 1, 8));

        refusal.ExitCode.ShouldBe(ExitCode.WrongInput);
        refusal.Message.ShouldBe("--workers 1 is too few: resources.workers.min of 'clothes' is 2; use at least 2");
    }

    private static SweepSpec Spec(int trials, int parallel, int min, int max) => Sweeps.Spec with
    {
        Search = new SearchSpec("random", trials, parallel),
        Resources = new ResourceSpec(min, max, "auto"),
    };
}
