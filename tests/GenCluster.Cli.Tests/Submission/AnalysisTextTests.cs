using GenCluster.Cli.Submission;
using GenCluster.Cli.Tests.Support;
using GenCluster.Core.Parameters;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Trials;
using GenCluster.Search.Analysis;

namespace GenCluster.Cli.Tests.Submission;

public sealed class AnalysisTextTests
{
    [Fact]
    public void Shows_what_is_best_what_matters_and_what_more_trials_would_bring() =>
        Text(SweepAnalysis.Of(Sweeps.Spec, [.. Enumerable.Range(1, 24).Select(n => Trial(n))])).ShouldMatch("analysis");

    [Fact]
    public void Shows_a_front_when_there_are_two_objectives()
    {
        var spec = Sweeps.Spec with { Comparison = new ComparisonSpec([new ObjectiveSpec("diversity", Goal.Maximize)], []) };

        Text(SweepAnalysis.Of(spec, [.. Enumerable.Range(1, 5).Select(n => Trial(n))])).ShouldMatch("analysis-front");
    }

    [Fact]
    public void A_curve_is_drawn_from_its_lowest_to_its_highest_value()
    {
        AnalysisText.Sparkline([8, 7, 6, 5, 4, 3, 2, 1]).ShouldBe("█▇▆▅▄▃▂▁");
        AnalysisText.Sparkline([.. Enumerable.Range(0, 1_000).Select(i => (double)i)]).Length.ShouldBe(40);
        AnalysisText.Sparkline([3, 3]).ShouldBe("▁▁");
    }

    private static TrialRecord Trial(int number)
    {
        double rate = 5e-5 * Math.Pow(40, (number * 0.618) % 1), other = 5e-5 * Math.Pow(40, (number * 0.382) % 1);
        var assignment = new Assignment(
        [
            new("optimizer.generator.learningRate", ParameterValue.Of(rate)),
            new("optimizer.discriminator.learningRate", ParameterValue.Of(other)),
            new("loss", ParameterValue.Of(number % 2 == 0 ? "hinge" : "non-saturating")),
        ]);
        double swd = 30 + 10 * Math.Abs(Math.Log10(rate) + 3.5) + (number % 2 == 0 ? 0 : 2);
        return new TrialRecord(number, assignment, new TrialOutcome(TrialPhase.Succeeded, swd, null, 600, "", null, "", Metrics: [new("diversity", swd % 7 / 7)]));
    }

    private static string Text(SweepAnalysis analysis)
    {
        using var output = new StringWriter { NewLine = "\n" };
        AnalysisText.Write(analysis, output);
        return output.ToString();
    }
}
