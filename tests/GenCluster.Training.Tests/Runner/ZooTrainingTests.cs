using GenCluster.Core.Models;
using GenCluster.Core.Parameters;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Training;
using GenCluster.Core.Trials;
using GenCluster.Training.Runner;

namespace GenCluster.Training.Tests.Runner;

/// <summary>Every model of the zoo, small, on the images that travel with the project, through the real parts.</summary>
public sealed class ZooTrainingTests
{
    public static TheoryData<string> Models => [.. ModelCatalogue.All.Select(model => model.Name)];

    [Theory]
    [MemberData(nameof(Models))]
    public async Task Two_workers_end_with_the_weights_of_one(string model)
    {
        using ToyTrial alone = new(), shared = new();
        var materials = new TrialMaterials(TimeProvider.System);
        var recorder = new Recorder();

        var expected = alone.Run(recorder, materials: materials, definition: Small(model));
        using RunControl first = new(), second = new();
        var outcomes = await shared.RunInGang([new Recorder(), new Recorder()], [first, second], materials, Small(model));

        expected.ShouldBeOfType<RunOutcome.Completed>();
        outcomes[0].ShouldBe(expected);
        shared.Metrics.ShouldBe(alone.Metrics);
        recorder.Reports.ShouldAllBe(report => double.IsFinite(report.Find("swd")!.Value));
        recorder.Reports[^1].Find("swd").ShouldNotBe(recorder.Reports[0].Find("swd"));
    }

    private static TrialDefinition Small(string model) => ToyTrial.Definition with
    {
        Model = model,
        Settings = new Assignment([.. ModelCatalogue.Find(model)!.Hyperparameters.Select(h => new Setting(h.Path, Smaller(h)))]),
        Data = new DataSpec("fashion-mnist-sample", null, 32, 100),
        Training = ToyTrial.Definition.Training with { Steps = 2, BatchSize = 8 },
        Evaluation = new EvaluationSpec(32, 8, 16),
    };

    private static ParameterValue Smaller(Hyperparameter parameter) => parameter.Path switch
    {
        "channels" or "generator.channels" or "discriminator.channels" => ParameterValue.Of(8L),
        "samplingSteps" => ParameterValue.Of(2L),
        _ => parameter.Default,
    };
}
