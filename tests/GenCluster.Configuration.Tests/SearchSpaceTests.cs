using GenCluster.Configuration.Diagnostics;
using GenCluster.Core.Parameters;
using GenCluster.Core.Sweeps;

namespace GenCluster.Configuration.Tests;

/// <summary>Conditions, constraints, seeds: what belongs to the search besides distributions.</summary>
public sealed class SearchSpaceTests
{
    [Theory]
    [InlineData("{loss: wasserstein-gp}", "loss == 'wasserstein-gp'")]
    [InlineData("{loss: [wasserstein-gp, hinge]}", "loss in ['wasserstein-gp', 'hinge']")]
    [InlineData("{loss: hinge, optimizer: {beta1: [0, 0.5]}}", "(loss == 'hinge') and (optimizer.beta1 in [0, 0.5])")]
    [InlineData("loss != 'hinge' and optimizer.beta1 > 0.1", "loss != 'hinge' and optimizer.beta1 > 0.1")]
    [InlineData("loss == 'hinge' and latent >= 64", "loss == 'hinge' and 64 >= 64")]
    [InlineData("latent == 64", null)]
    [InlineData("{latent: 64}", null)]
    [InlineData("latent == 64 or loss == 'hinge'", "64 == 64 or loss == 'hinge'")]
    public void A_hyperparameter_may_depend_on_others(string when, string? expected)
    {
        var space = Dcgan($$"""
            loss: {values: [wasserstein-gp, hinge]}
            optimizer.beta1: {min: 0, max: 0.9}
            gradientPenalty: {min: 1, max: 20, when: {{when}}}
            """).Parameters;

        space.Parameters.Single(p => p.Path == "gradientPenalty").ShouldBe(
            new Parameter("gradientPenalty", new Uniform(1, 20), expected is null ? null : new Predicate(expected)));
    }

    [Fact]
    public void A_trial_without_it_has_the_default()
    {
        var spec = Dcgan("loss: {values: [wasserstein-gp, hinge]}\ngradientPenalty: {min: 1, max: 20, when: {loss: wasserstein-gp}}");

        spec.Trainable.Settings["gradientPenalty"].ShouldBe(ParameterValue.Of(10.0));
        spec.Trainable.Settings.Find("loss").ShouldBeNull();
    }

    [Fact]
    public void A_condition_that_fixed_values_decide_is_decided_and_said()
    {
        var result = Texts.Read(Text("gradientPenalty: {min: 1, max: 20, when: {loss: wasserstein-gp}}\noptimizer.beta1: {min: 0, max: 0.9, when: gradientPenalty == 10}"));

        result.Spec.ShouldNotBeNull().Parameters.ShouldBe(new ParameterSpace([new("optimizer.beta1", new Uniform(0, 0.9))]));
        result.Spec.Trainable.Settings["gradientPenalty"].ShouldBe(ParameterValue.Of(10.0));
        var warning = result.Diagnostics.ShouldHaveSingleItem();
        (warning.Code, warning.Severity).ShouldBe((DiagnosticCodes.NeverHolds, Severity.Warning));
    }

    [Fact]
    public void Constraints_know_fixed_values_and_those_that_always_hold_are_left_out()
    {
        var spec = Dcgan("optimizer.beta1: {min: 0, max: 0.9}\noptimizer.beta2: {min: 0.9, max: 0.99}", "constraints: [optimizer.beta1 < optimizer.beta2 - 0.2, latent > 8, optimizer.beta1 * latent < 50]");

        spec.Parameters.Constraints.Select(c => c.Text).ShouldBe(["optimizer.beta1 < optimizer.beta2 - 0.2", "optimizer.beta1 * 64 < 50"]);
    }

    [Fact]
    public void Seeds_and_options_are_typed_and_defaults_are_not_written_down()
    {
        var search = Dcgan(
            "latent: {values: [32, 64]}\noptimizer.beta1: {min: 0, max: 0.9}",
            search: "{algorithm: tpe, maxTrials: 20, startupTrials: 5, gamma: 0.1, multivariate: false, seedTrials: [{latent: 32, optimizer: {beta1: 0}}, {latent: 64}]}").Search;

        search.Options.ShouldBe(new Assignment([new("startupTrials", ParameterValue.Of(5L)), new("multivariate", ParameterValue.Of(false))]));
        search.SeedTrials.ShouldBe(
        [
            new Assignment([new("latent", ParameterValue.Of(32L)), new("optimizer.beta1", ParameterValue.Of(0.0))]),
            new Assignment([new("latent", ParameterValue.Of(64L))]),
        ]);
    }

    [Fact]
    public void Early_stopping_and_warm_start_are_read()
    {
        var spec = Dcgan(
            "optimizer.beta1: {values: [0.5, 0.9]}",
            "earlyStopping: {type: asha, mode: promote, reductionFactor: 3, gracePeriod: 200}\nwarmStart: {sweep: earlier, weights: true}");

        spec.EarlyStopping.ShouldNotBeNull().Type.ShouldBe("asha");
        spec.EarlyStopping.Options.ToString().ShouldBe("gracePeriod=200 mode=promote reductionFactor=3");
        spec.WarmStart.ShouldBe(new WarmStartSpec("earlier", 20, true));
        Texts.Spec(Texts.Smallest).EarlyStopping.ShouldBeNull();
        Texts.Spec(Texts.Smallest).WarmStart.ShouldBeNull();
    }

    [Theory]
    [InlineData("90s", 90)]
    [InlineData("1h30m", 5_400)]
    [InlineData("8h", 28_800)]
    [InlineData("2d1h1m1s", 176_461)]
    public void Budgets_are_read(string wallClock, long seconds)
    {
        Texts.Spec($"{Texts.Smallest}\nbudget: {{wallClock: {wallClock}, gpuHours: 24, maxRestarts: 1, plateau: {{trials: 10, minDelta: 0.5}}}}").Budget
            .ShouldBe(new BudgetSpec(1, 1, seconds, 24, 10, 0.5));
    }

    [Fact]
    public void Objectives_are_read()
    {
        var spec = Texts.Spec($"{Texts.Smallest}\nobjective: {{target: 12, constraints: [swd < 100]}}");

        spec.Objective.ShouldBe(new ObjectiveSpec("swd", Goal.Minimize, 12));
        spec.Comparison.ShouldBe(new ComparisonSpec([], [new Predicate("swd < 100")]));
    }

    private static SweepSpec Dcgan(string parameters, string more = "", string search = "{maxTrials: 10}") => Texts.Spec(Text(parameters, more, search));

    private static string Text(string parameters, string more = "", string search = "{maxTrials: 10}") => $$"""
        apiVersion: gencluster/v1
        kind: Sweep
        name: space
        trainable: {model: dcgan}
        training: {steps: 1000, evaluateEvery: 100}
        search: {{search}}
        parameters:
          {{parameters.ReplaceLineEndings("\n  ")}}
        {{more}}
        """;
}
