using System.Text;
using GenCluster.Configuration;
using GenCluster.Core.Parameters;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Trials;
using GenCluster.Search.Analysis;

namespace GenCluster.Search.Tests.Analysis;

public sealed class SweepAnalysisTests
{
    private static readonly SweepSpec Spec = SweepFile.Parse("a.yaml", Encoding.UTF8.GetBytes("""
        apiVersion: gencluster/v1
        kind: Sweep
        name: clothes
        trainable: {model: dcgan}
        data: {dataset: fashion-mnist-sample, imageSize: 32}
        training: {steps: 600, batchSize: 64, seed: 7}
        objective: {metric: swd, goal: minimize}
        search: {algorithm: random, maxTrials: 20, parallelTrials: 2}
        parameters:
          optimizer.beta1: {min: 0.2, max: 0.8}
          loss: {values: [non-saturating, hinge]}
        """)).Spec!;

    private static readonly SweepSpec TwoObjectives = Spec with { Comparison = new ComparisonSpec([new ObjectiveSpec("diversity", Goal.Maximize)], []) };

    [Fact]
    public void Ranks_trials_and_tells_how_the_best_came_about()
    {
        var analysis = SweepAnalysis.Of(Spec, [Ended(2, 40), Ended(1, 50), Ended(3, null, TrialPhase.Failed), Ended(4, 30, TrialPhase.Pruned), Ended(5, 35), new(6, At(6), null)]);

        (analysis.Ended, analysis.Compared).ShouldBe((5, 3));
        analysis.Best.Select(b => b.Trial).ShouldBe([5, 2, 1]);
        analysis.Front.Select(b => b.Trial).ShouldBe([5]);
        analysis.BestSoFar.ShouldBe([new(1, 2, 40), new(5, 5, 35)]);
        analysis.ExpectedBest.Select(p => p.Trials).ShouldBe([1, 2, 3]);
        analysis.ExpectedBest[^1].Mean.ShouldBe(35);
        analysis.Importance.ShouldHaveSingleItem().Silence.ShouldNotBeNull();
    }

    [Fact]
    public void A_slice_and_a_line_show_where_a_value_lies_in_its_distribution()
    {
        var analysis = SweepAnalysis.Of(Spec, [Ended(1, 50), Ended(2, 40, TrialPhase.Pruned)]);

        var (loss, beta) = (analysis.Slices[0], analysis.Slices[1]);
        loss.Axis.IsOrdered.ShouldBeFalse();
        loss.Axis.Ticks.ShouldBe([new(0.25, ParameterValue.Of("non-saturating")), new(0.75, ParameterValue.Of("hinge"))]);
        loss.Points.ShouldBe([new(1, 0.75, ParameterValue.Of("hinge"), 50, true), new(2, 0.25, ParameterValue.Of("non-saturating"), 40, false)]);
        beta.Points[0].Position.ShouldBe(0.05, 1e-12);
        beta.Axis.Ticks.Select(t => t.Position).ShouldBe([0, 0.25, 0.5, 0.75, 1], 1e-9);
        analysis.ParallelCoordinates.Axes.Select(a => a.Path).ShouldBe(["loss", "optimizer.beta1"]);
        analysis.ParallelCoordinates.Lines[1].ShouldSatisfyAllConditions(
            l => l.Trial.ShouldBe(2), l => l.Positions[0].ShouldBe(0.25), l => l.Positions[1].GetValueOrDefault().ShouldBe(0.1, 1e-12), l => l.Objectives.ShouldBe([40]), l => l.Complete.ShouldBeFalse());
    }

    [Fact]
    public void A_trial_without_a_hyperparameter_has_no_place_on_its_axis_and_no_point_in_its_slice()
    {
        var without = Ended(1, 50) with { Assignment = new Assignment([new("loss", ParameterValue.Of("hinge"))]) };

        var analysis = SweepAnalysis.Of(Spec, [without]);

        analysis.Slices[1].Points.ShouldBeEmpty();
        analysis.ParallelCoordinates.Lines[0].Positions.ShouldBe([0.75, null]);
    }

    [Fact]
    public void With_two_objectives_there_is_a_front_and_an_importance_of_each()
    {
        var analysis = SweepAnalysis.Of(TwoObjectives, [Ended(1, 50, diversity: 0.9), Ended(2, 40, diversity: 0.5), Ended(3, 60, diversity: 0.8), Ended(4, 30)]);

        analysis.Compared.ShouldBe(3); // trial 4 did not measure its diversity
        analysis.Front.Select(f => f.Trial).ShouldBe([1, 2]);
        analysis.Front[0].Values.ShouldBe([50, 0.9]);
        analysis.Importance.Select(i => i.Metric).ShouldBe(["swd", "diversity"]);
        analysis.Objectives.ShouldBe([new("swd", "Minimize", null), new("diversity", "Maximize", null)]);
    }

    private static TrialRecord Ended(int number, double? value, TrialPhase phase = TrialPhase.Succeeded, double? diversity = null)
    {
        Metric[] metrics = diversity is { } d ? [new("diversity", d)] : [];
        return new TrialRecord(number, At(number), new TrialOutcome(phase, value, null, 600, "", null, "", Metrics: metrics));
    }

    private static Assignment At(int number) => new(
        [new("loss", ParameterValue.Of(number % 2 == 0 ? "non-saturating" : "hinge")), new("optimizer.beta1", ParameterValue.Of(0.2 + 0.03 * number))]);
}
