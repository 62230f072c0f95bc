using GenCluster.Training.Models.Diffusion;
using TorchSharp;
using static TorchSharp.torch;

namespace GenCluster.Training.Tests.Models.Diffusion;

public sealed class DenoiserTests
{
    private const int Timesteps = 100;

    private static Denoiser Create() => new(new UNet(4, 1), NoiseSchedule.Linear(Timesteps));

    [Fact]
    public void Predicting_the_start_and_the_noise_undo_adding_noise()
    {
        using var scope = NewDisposeScope();
        using var denoiser = Create();
        Tensor x0 = rand(8, 1, 8, 8) * 2 - 1, noise = randn(8, 1, 8, 8), t = arange(8) * 9; // late steps keep too little of x0 for single precision

        var x = denoiser.AddNoise(x0, noise, t);

        denoiser.PredictStart(x, noise, t).allclose(x0, atol: 1e-4).ShouldBeTrue();
        denoiser.PredictNoise(x, x0, t).allclose(noise, atol: 1e-4).ShouldBeTrue();
    }

    [Fact]
    public void Noised_images_have_the_variance_of_the_chain()
    {
        using var scope = NewDisposeScope();
        using var denoiser = Create();

        var x = denoiser.AddNoise(full([1, 1, 64, 64], 0.5f), ones(1, 1, 64, 64), full(1, Timesteps - 1, int64));

        double alphaBar = NoiseSchedule.AlphasCumprod(NoiseSchedule.Linear(Timesteps))[^1];
        x[0, 0, 0, 0].item<float>().ShouldBe((float)(0.5 * Math.Sqrt(alphaBar) + Math.Sqrt(1 - alphaBar)), 1e-6f);
    }

    [Fact]
    public void A_ddim_step_by_a_denoiser_that_finds_no_noise_only_rescales()
    {
        using var scope = NewDisposeScope();
        using var denoiser = Create(); // its last layer's weights are zero, and here its bias as well
        using (no_grad())
            denoiser.get_parameter("unet.head.bias")!.zero_();
        var x = rand(2, 1, 8, 8) * 0.1;
        double[] alphasCumprod = NoiseSchedule.AlphasCumprod(NoiseSchedule.Linear(Timesteps));

        var next = denoiser.DdimStep(x, 50, 20);

        next.allclose(x * Math.Sqrt(alphasCumprod[20] / alphasCumprod[50]), atol: 1e-5).ShouldBeTrue();
    }

    [Fact]
    public void The_last_ddim_step_gives_an_image_in_range()
    {
        using var scope = NewDisposeScope();
        using var denoiser = Create();

        var image = denoiser.DdimStep(randn(2, 1, 8, 8) * 5, 10, previous: null);

        image.abs().max().item<float>().ShouldBe(1);
    }

    [Fact]
    public void Another_time_gives_another_prediction()
    {
        using var scope = NewDisposeScope();
        using var denoiser = Create();
        using (no_grad())
            denoiser.get_parameter("unet.head.weight")!.fill_(0.1f);
        var x = randn(1, 1, 8, 8);

        var early = denoiser.call(x, zeros(1, int64));

        denoiser.call(x, full(1, Timesteps - 1, int64)).allclose(early, atol: 1e-3).ShouldBeFalse();
    }
}
