using GenCluster.Core.Parameters;
using GenCluster.Training.Models;

namespace GenCluster.Training.Tests.Models;

public sealed class OptimizerSettingsTests
{
    public static TheoryData<string, string> Choices =>
        new(from model in new[] { "dcgan", "vae", "ddpm" } from type in new[] { "adam", "adamw", "sgd", "rmsprop" } select (model, type));

    [Theory]
    [MemberData(nameof(Choices))]
    public void Every_model_takes_every_optimizer(string model, string type)
    {
        using var made = ModelZoo.Create(model, TestModel.Settings(
            model,
            ("optimizer.type", ParameterValue.Of(type)), ("optimizer.beta1", ParameterValue.Of(0.3)), ("optimizer.beta2", ParameterValue.Of(0.8)),
            ("optimizer.momentum", ParameterValue.Of(0.6)), ("optimizer.weightDecay", ParameterValue.Of(0.01))), 1, 32);

        foreach (var phase in made.Phases)
        {
            double rate = phase.Optimizer.LearningRate;
            OptimizerOptions expected = type switch
            {
                "adam" => new AdamOptions(rate, 0.3, 0.8),
                "adamw" => new AdamWOptions(rate, 0.3, 0.8),
                "sgd" => new SgdOptions(rate, Momentum: 0.6),
                _ => new RMSpropOptions(rate, Alpha: 0.8, Momentum: 0.6),
            };
            phase.Optimizer.ShouldBe(expected with { WeightDecay = 0.01 });
        }
    }
}
