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
        { "optimizer.generator.learningRate", "{distribution: inv_log_uniform_values, min: 1.0e-5, max: 1E-2}", new LogUniform(1e-5, 1e-2) },
        { "loss", "{values: [hinge, least-squares], weights: [1, 3]}", new Categorical([ParameterValue.Of("hinge"), ParameterValue.Of("least-squares")], [0.25, 0.75]) },
        { "latent", "{min: 8, max: 64, step: 8}", Quantized.Evenly(8, 64, 8, integers: true) },
        { "optimizer.beta1", "{min: 0, max: 0.9, step: 0.3}", Quantized.Evenly(0, 0.9, 0.3, integers: false) },
        { "latent", "{distribution: int_log_uniform, min: 8, max: 64}", new IntLogUniform(8, 64) },
        { "latent", "{distribution: q_uniform, min: 8.5, max: 64, q: 8}", new Quantized(new Uniform(8.5, 64), 8, Integers: true) },
        { "latent", "{distribution: q_uniform, min: 8, max: 64}", new Quantized(new Uniform(8, 64), 1, Integers: true) },
        { "optimizer.beta1", "{distribution: q_uniform, min: 0, max: 0.5, q: 0.1}", new Quantized(new Uniform(0, 0.5), 0.1) },
        { "latent", "{distribution: q_log_uniform_values, min: 8, max: 64, q: 8}", new Quantized(new LogUniform(8, 64), 8, Integers: true) },
        { "gradientPenalty", "{distribution: log_uniform_values, min: 1, max: 10, step: 0.5}", new Quantized(new LogUniform(1, 10), 0.5, Origin: 1) },
        { "gradientPenalty", "{distribution: normal, mu: 10, sigma: 2, min: 5, max: 15}", new Normal(10, 2, 5, 15) },
        { "gradientPenalty", "{distribution: normal, mu: 10}", new Normal(10, 1, 0, 1000) },
        { "gradientPenalty", "{distribution: normal, min: 1}", new Normal(0, 1, 1, 1000) },
        { "gradientPenalty", "{distribution: normal, max: 1}", new Normal(0, 1, 0, 1) },
        { "latent", "{distribution: q_normal, mu: 64, sigma: 16, q: 8}", new Quantized(new Normal(64, 16, 1, 4096), 8, Integers: true) },
        { "optimizer.generator.learningRate", "{distribution: log_normal, mu: -8, sigma: 1}", new LogNormal(-8, 1, 1e-8, 1) },
        { "gradientPenalty", "{distribution: log_normal, mu: 2}", new LogNormal(2, 1, null, 1000) },
        { "gradientPenalty", "{distribution: q_log_normal, mu: 2, q: 0.5}", new Quantized(new LogNormal(2, 1, null, 1000), 0.5) },
        { "optimizer.weightDecay", "{distribution: beta, a: 2, b: 5}", new Beta(2, 5) },
        { "optimizer.weightDecay", "{distribution: q_beta, a: 2, b: 5, q: 0.25}", new Quantized(new Beta(2, 5), 0.25) },
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
