using GenCluster.Training.Models.Diffusion;

namespace GenCluster.Training.Tests.Models.Diffusion;

public sealed class NoiseScheduleTests
{
    [Theory]
    [InlineData("linear", 1, 0.9999)]
    [InlineData("linear", 250, 0.52408537)]
    [InlineData("linear", 500, 0.078587243)]
    [InlineData("linear", 750, 0.0033505504)]
    [InlineData("linear", 1000, 4.0358298e-05)]
    [InlineData("cosine", 1, 0.99995872)]
    [InlineData("cosine", 250, 0.84701216)]
    [InlineData("cosine", 500, 0.49384359)]
    [InlineData("cosine", 750, 0.14427210)]
    [InlineData("cosine", 1000, 2.4287669e-09)]
    public void Alpha_bar_is_that_of_the_papers(string schedule, int t, double expected) =>
        NoiseSchedule.AlphasCumprod(NoiseSchedule.Betas(schedule, 1000))[t - 1].ShouldBe(expected, expected * 1e-7);

    [Theory]
    [InlineData("linear", 2)]
    [InlineData("linear", 10)]
    [InlineData("cosine", 2)]
    [InlineData("cosine", 10000)]
    public void Chains_of_any_length_lose_signal_at_every_step_and_end_in_noise(string schedule, int timesteps)
    {
        double[] alphasCumprod = NoiseSchedule.AlphasCumprod(NoiseSchedule.Betas(schedule, timesteps));

        alphasCumprod.Length.ShouldBe(timesteps);
        alphasCumprod.Zip(alphasCumprod.Skip(1)).ShouldAllBe(pair => pair.First > pair.Second && pair.Second > 0);
        alphasCumprod[^1].ShouldBeLessThan(1e-3);
    }

    [Theory]
    [InlineData(1000, 4, new[] { 249, 499, 749, 999 })]
    [InlineData(10, 3, new[] { 2, 5, 9 })]
    [InlineData(5, 5, new[] { 0, 1, 2, 3, 4 })]
    [InlineData(1000, 1, new[] { 999 })]
    public void Sampling_visits_evenly_spaced_steps_and_always_the_last(int timesteps, int count, int[] expected) =>
        NoiseSchedule.SamplingTimesteps(timesteps, count).ShouldBe(expected);

    [Fact]
    public void Refuses_an_unknown_schedule() =>
        Should.Throw<ArgumentException>(() => NoiseSchedule.Betas("sigmoid", 10)).Message
            .ShouldStartWith("there is no noise schedule 'sigmoid'; there are linear, cosine");
}
