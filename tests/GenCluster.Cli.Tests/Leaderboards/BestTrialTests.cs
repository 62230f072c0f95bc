using GenCluster.Cli.Leaderboards;
using GenCluster.Cli.Runs;
using GenCluster.Cli.Tests.Support;
using GenCluster.Core.Sweeps;

namespace GenCluster.Cli.Tests.Leaderboards;

public sealed class BestTrialTests : IDisposable
{
    private readonly Bench bench = new();

    public void Dispose() => bench.Dispose();

    [Fact]
    public void The_manifest_says_all_one_needs_to_use_or_repeat_the_weights()
    {
        bench.WriteWeights(2);
        using var folder = RunFolder.Open(bench.Runs, "clothes");

        BestTrial.Export(Sweeps.Finished(), folder).ShouldBeNull();

        File.ReadAllText(Path.Combine(folder.Best, "manifest.json")).ShouldMatch("best-manifest");
        Directory.GetFiles(folder.Best).Select(Path.GetFileName).ShouldBe(["manifest.json", "weights.safetensors"], ignoreOrder: true);
    }

    [Fact]
    public void A_better_trial_replaces_the_former()
    {
        bench.WriteWeights(1);
        bench.WriteWeights(2);
        using var folder = RunFolder.Open(bench.Runs, "clothes");

        BestTrial.Export(Sweeps.View(SweepPhase.Halted, Sweeps.Succeeded(1, 50)), folder).ShouldBeNull();
        BestTrial.Export(Sweeps.Finished(), folder).ShouldBeNull();

        File.ReadAllText(Path.Combine(folder.Best, "weights.safetensors")).ShouldBe("weights of 2");
    }

    [Fact]
    public void Weights_that_were_exported_before_need_not_be_there_any_more()
    {
        bench.WriteWeights(2);
        using var folder = RunFolder.Open(bench.Runs, "clothes");
        BestTrial.Export(Sweeps.Finished(), folder);
        File.Delete(folder.Weights(2));

        BestTrial.Export(Sweeps.Finished(), folder).ShouldBeNull();

        BestTrial.Export(Sweeps.View(SweepPhase.Succeeded, Sweeps.Succeeded(3, 1)), folder).ShouldNotBeNull();
    }

    [Fact]
    public void A_trial_that_failed_or_has_no_finite_objective_is_not_the_best()
    {
        var view = Sweeps.View(
            SweepPhase.Failed, Sweeps.Failed(1, "lost") with { Objective = 1 }, Sweeps.Succeeded(2, double.NaN), Sweeps.Succeeded(3, null), Sweeps.Succeeded(4, 9));

        BestTrial.Of(view)!.Number.ShouldBe(4);
        BestTrial.Of(Sweeps.View(SweepPhase.Failed, Sweeps.Failed(1, "lost"))).ShouldBeNull();
    }

    [Fact]
    public void Without_a_best_trial_nothing_is_written()
    {
        using var folder = RunFolder.Open(bench.Runs, "clothes");

        BestTrial.Export(Sweeps.View(SweepPhase.Failed), folder).ShouldBeNull();

        Directory.Exists(folder.Best).ShouldBeFalse();
    }
}
