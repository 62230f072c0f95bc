using GenCluster.Core.Parameters;

namespace GenCluster.Configuration.Tests;

public sealed class DistributionTests
{
    public static TheoryData<string, string, Distribution> Forms => new()
    {
        { "optimizer.beta1", "{value: 0.5}", new Constant(ParameterValue.Of(0.5)) },
        { "optimizer.beta1", "{value: 0}", new Constant(ParameterValue.Of(0.0)) },
        { "latent", "{distribution: constant, value: 8}", new Constant(ParameterValue.Of(8)) },
        { "loss", "{values: [hinge, least-squares]}", new Categorical([ParameterValue.Of("hinge"), ParameterValue.Of("least-squares")], null) },
        { "loss", "{distribution: categorical, values: [hinge]}", new Categorical([ParameterValue.Of("hinge")], null) },
        { "optimizer.beta1", "{values: [0, 0.5], probabilities: [1, 0]}", new Categorical([ParameterValue.Of(0.0), ParameterValue.Of(0.5)], [1, 0]) },
        { "latent", "{min: 8, max: 16}", new IntUniform(8, 16) },
        { "latent", "{distribution: int_uniform, min: 8, max: 16}", new IntUniform(8, 16) },
        { "optimizer.beta1", "{min: 0, max: 0.5}", new Uniform(0, 0.5) },
        { "optimizer.generator.learningRate", "{min: 1e-4, max: 1}", new Uniform(1e-4, 1) },
        { "optimizer.beta1", "{distribution: uniform, min: 0.25, max: 0.5}", new Uniform(0.25, 0.5) },
        { "optimizer.generator.learningRate", "{distribution: log_uniform_values, min: 1.0e-5, max: 1E-2}", new LogUniform(1e-5, 1e-2) },
    };

    [Theory]
    [MemberData(nameof(Forms))]
    public void Is_named_or_follows_from_its_keys(string path, string text, Distribution expected)
    {
        var space = Texts.Spec($$"""
            apiVersion: gencluster/v1
            kind: Sweep
            name: forms
            trainable: {model: dcgan}
            training: {steps: 1}
            search: {maxTrials: 1}
            parameters: { {{path}}: {{text}} }
            """).Parameters;

        space.ShouldBe(new ParameterSpace([new Parameter(path, expected)]));
    }

    [Fact]
    public void A_searched_hyperparameter_is_not_among_the_settings()
    {
        var spec = Texts.Spec(Texts.Smallest + "\nsearch: {maxTrials: 2}\nparameters: {latent: {min: 8, max: 16}, klWeight: {value: 2}}");

        spec.Trainable.Settings.Settings.Select(s => s.Path).ShouldBe(
            ["channels", "optimizer.beta1", "optimizer.beta2", "optimizer.learningRate", "optimizer.momentum", "optimizer.type", "optimizer.weightDecay"]);
    }

    [Fact]
    public void Constants_alone_are_no_search_and_need_no_count_of_trials()
    {
        Texts.Spec(Texts.Smallest + "\nparameters: {klWeight: {value: 2}}").Search.MaxTrials.ShouldBe(1);
    }
}
