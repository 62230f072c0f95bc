using GenCluster.Core.Parameters;
using GenCluster.Core.Sweeps;
using GenCluster.Training.Evaluation;
using GenCluster.Training.Models;
using GenCluster.Training.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace GenCluster.Training.Tests.Evaluation;

public sealed class SlicedWassersteinEvaluatorTests
{
    private static readonly EvaluationSpec Spec = new(Samples: 96, PatchesPerImage: 4, Projections: 16);

    [Fact]
    public void Reports_the_distance_to_the_held_out_images_under_the_name_swd()
    {
        using var model = Gan();
        using var evaluator = Evaluator((index, pixels) => pixels.Fill(index / 100f));

        var metric = Evaluate(evaluator, model, step: 0);

        metric.Name.ShouldBe("swd");
        metric.Value.ShouldBeGreaterThan(0);
        evaluator.Protocol.ShouldBe("swd: 96 samples, 4 patches/image, 16 projections, levels 32+16, x1e3");
    }

    [Fact]
    public void The_same_weights_have_the_same_value_at_any_step()
    {
        using var model = Gan();
        using var evaluator = Evaluator((index, pixels) => pixels.Fill(index / 100f));

        Evaluate(evaluator, model, step: 500).ShouldBe(Evaluate(evaluator, model, step: 0));
    }

    [Fact]
    public void A_model_that_replays_the_held_out_images_in_order_is_at_distance_zero()
    {
        using var model = new Replay();
        using var evaluator = Evaluator(Replay.Image);

        Evaluate(evaluator, model, step: 0).Value.ShouldBe(0);
        model.Asked.ShouldBe([64, 32]);
    }

    [Fact]
    public void Reads_as_many_held_out_images_as_the_protocol_has_samples()
    {
        var read = new List<long>();

        Evaluator((index, pixels) => read.Add(index)).Dispose();

        read.ShouldBe(Enumerable.Range(0, 96).Select(i => (long)i));
    }

    [Fact]
    public void Leaves_no_tensor_behind()
    {
        using var model = Gan();
        using var evaluator = Evaluator((index, pixels) => pixels.Fill(index / 100f));
        Evaluate(evaluator, model, step: 0);
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        Evaluate(evaluator, model, step: 1);

        DisposeScopeManager.Statistics.ThreadTotalLiveCount.ShouldBe(before);
    }

    private static SlicedWassersteinEvaluator Evaluator(ImageReader heldOut) => new(heldOut, 1, 32, Spec, seed: 7, CPU);

    private static Core.Trials.Metric Evaluate(SlicedWassersteinEvaluator evaluator, GenerativeModel model, int step)
    {
        set_num_threads(1);
        foreach (var network in model.Networks)
            network.Module.eval();
        using (inference_mode())
            return evaluator.Evaluate(model, step).Single();
    }

    private static GenerativeModel Gan() => ModelZoo.Create("dcgan", TestModel.Settings("dcgan",
        ("generator.channels", ParameterValue.Of(4L)), ("discriminator.channels", ParameterValue.Of(4L))), 1, 32);

    /// <summary>Gives the images it is compared with, one after the other.</summary>
    private sealed class Replay : GenerativeModel
    {
        public List<int> Asked { get; } = [];

        public override IReadOnlyList<Network> Networks => [];

        public override IReadOnlyList<Phase> Phases => [];

        public static void Image(long index, Span<float> pixels)
        {
            for (int i = 0; i < pixels.Length; i++)
                pixels[i] = MathF.Sin(i * (index + 1));
        }

        public override Tensor Sample(int count, NoiseSource noise)
        {
            var pixels = new float[count * 32 * 32];
            for (int i = 0; i < count; i++)
                Image(Asked.Sum() + i, pixels.AsSpan(i * 1024, 1024));
            Asked.Add(count);
            return tensor(pixels, [count, 1, 32, 32]);
        }
    }
}
