using GenCluster.Core.Parameters;
using GenCluster.Core.Search;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Trials;
using GenCluster.Search.Sampling.Knowledge;

namespace GenCluster.Search.Tests.Sampling.Knowledge;

public sealed class ObservationsTests
{
    private static readonly ParameterSpace Space = new([new("x", new Uniform(0, 2))]);
    private static readonly SearchHistory Nothing = new(Space, new ObjectiveSpec("fid", Goal.Minimize), []);

    [Fact]
    public void A_trial_that_succeeded_has_its_value() => Only(Succeeded(3)).ShouldBe((Standing.Complete, 3.0, 10));

    [Fact]
    public void What_is_to_be_maximised_has_the_other_sign() =>
        Only(Nothing with { Objective = new ObjectiveSpec("fid", Goal.Maximize), Trials = [Trial(Succeeded(3))] }).ShouldBe((Standing.Complete, -3.0, 10));

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(null)]
    public void One_without_a_finite_value_failed(double? value) => Only(Succeeded(value)).ShouldBe((Standing.Failed, null, 0));

    [Fact]
    public void A_pruned_trial_has_the_last_value_that_it_reported()
    {
        TrialReport[] reports = [new(1, Report(5, 8)), new(1, Report(20, 4)), new(2, Report(30, 1))];

        Only(Nothing with { Trials = [Trial(Succeeded(3) with { Phase = TrialPhase.Pruned })], Reports = reports }).ShouldBe((Standing.Pruned, 4.0, 20));
    }

    [Fact]
    public void A_pruned_trial_without_reports_has_its_outcomes_value() =>
        Only(Succeeded(3) with { Phase = TrialPhase.Pruned }).ShouldBe((Standing.Pruned, 3.0, 10));

    [Theory]
    [InlineData(FailureClass.NonFinite, true)]
    [InlineData(FailureClass.UserError, true)]
    [InlineData(FailureClass.OutOfMemory, true)]
    [InlineData(FailureClass.Lost, false)]
    [InlineData(FailureClass.Preempted, false)]
    [InlineData(FailureClass.Hardware, false)]
    public void A_failure_counts_when_the_configuration_may_be_to_blame(FailureClass failure, bool counts) =>
        Of(Nothing with { Trials = [Trial(new TrialOutcome(TrialPhase.Failed, 1, null, 5, "", failure, ""))] })
            .Select(o => o.Standing).ShouldBe(counts ? [Standing.Failed] : []);

    [Fact]
    public void A_cancelled_trial_says_nothing() => Of(Nothing with { Trials = [Trial(Succeeded(1) with { Phase = TrialPhase.Cancelled })] }).ShouldBeEmpty();

    [Fact]
    public void A_trial_at_work_is_known_to_be_there() => Of(Nothing with { Trials = [Trial(null)] }).Single().Standing.ShouldBe(Standing.Running);

    [Theory]
    [InlineData("time < 5", Standing.Complete)]
    [InlineData("time > 5", Standing.Infeasible)]
    [InlineData("size > 5", Standing.Infeasible)] // not measured
    public void A_trial_that_violates_a_constraint_on_metrics_is_infeasible(string constraint, object standing) =>
        Of(Nothing with { Comparison = new ComparisonSpec([], [new Predicate(constraint)]), Trials = [Trial(Succeeded(3) with { Metrics = [new("time", 4)] })] })
            .Single().Standing.ShouldBe((Standing)standing);

    [Fact]
    public void A_further_objective_comes_from_the_metrics() =>
        Of(Nothing with { Comparison = new ComparisonSpec([new ObjectiveSpec("speed", Goal.Maximize)], []), Trials = [Trial(Succeeded(3) with { Metrics = [new("speed", 4)] })] })
            .Single().Losses.ShouldBe([3, -4]);

    [Fact]
    public void What_another_sweep_found_is_older_than_any_trial()
    {
        var observations = Of(Nothing with { Evidence = [new Evidence(At(0.5), [7])], Trials = [Trial(Succeeded(3))] });

        observations.Select(o => o.Losses[0]).ShouldBe([7, 3]);
        observations.Select(o => o.Point[0]).ShouldBe([0.25, 0.5]);
    }

    [Fact]
    public void What_lies_outside_the_space_is_left_out() =>
        Of(Nothing with { Trials = [new TrialRecord(1, At(5), Succeeded(1)), new TrialRecord(2, Assignment.Empty, Succeeded(1))] }).ShouldBeEmpty();

    private static List<Observation> Of(SearchHistory history) => Observations.Of(history, new Axes(history.Space));

    private static (Standing Standing, double? Loss, int Step) Only(TrialOutcome outcome) => Only(Nothing with { Trials = [Trial(outcome)] });

    private static (Standing Standing, double? Loss, int Step) Only(SearchHistory history) =>
        Of(history).Single() is var only ? (only.Standing, only.Losses.Length > 0 ? only.Losses[0] : null, only.Step) : default;

    private static TrialRecord Trial(TrialOutcome? outcome) => new(1, At(1), outcome);

    private static TrialOutcome Succeeded(double? value) => new(TrialPhase.Succeeded, value, null, 10, "", null, "");

    private static MetricReport Report(int step, double value) => new(step, [new Metric("fid", value)]);

    private static Assignment At(double x) => new([new("x", ParameterValue.Of(x))]);
}
