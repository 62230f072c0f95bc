using GenCluster.Core.Identity;
using GenCluster.Core.Parameters;
using GenCluster.Core.Trials;
using static GenCluster.Core.Tests.Support.Samples;

namespace GenCluster.Core.Tests.Trials;

public sealed class TrialDefinitionTests
{
    [Fact]
    public void Searched_values_lie_over_those_of_the_file()
    {
        var definition = TrialDefinition.Of(Spec, new TrialId(Sweep, 2), LearningRate(0.5));

        definition.ShouldBe(new TrialDefinition(
            new TrialId(Sweep, 2), "vae", Settings(("latent", ParameterValue.Of(8)), ("optimizer.learningRate", ParameterValue.Of(0.5))),
            Spec.Data, Spec.Training, Spec.Evaluation, Spec.Objective, Spec.Resources, Spec.Budget.MaxRestarts));
    }

    [Fact]
    public void Equal_sweeps_and_values_give_equal_definitions()
    {
        TrialDefinition.Of(Spec, Trial, LearningRate(0.5)).ShouldBe(TrialDefinition.Of(Spec with { Name = "fashion" }, Trial, LearningRate(0.5)));
        TrialDefinition.Of(Spec, Trial, LearningRate(0.5)).ShouldNotBe(TrialDefinition.Of(Spec, Trial, LearningRate(0.25)));
        TrialDefinition.Of(Spec, Trial, LearningRate(0.5))
            .ShouldNotBe(TrialDefinition.Of(Spec with { Training = Spec.Training with { Seed = 8 } }, Trial, LearningRate(0.5)));
    }
}
