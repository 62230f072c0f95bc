using GenCluster.Training.Evaluation;
using TorchSharp;
using static TorchSharp.torch;

namespace GenCluster.Training.Tests.Evaluation;

public sealed class LaplacianPyramidTests
{
    [Theory]
    [InlineData(16, new[] { 16 })]
    [InlineData(28, new[] { 28 })]
    [InlineData(32, new[] { 32, 16 })]
    [InlineData(128, new[] { 128, 64, 32, 16 })]
    public void Halves_down_to_sixteen_pixels(int size, int[] expected)
    {
        using var scope = NewDisposeScope();

        LaplacianPyramid.Sizes(size).ShouldBe(expected);
        LaplacianPyramid.Of(rand(2, 3, size, size)).Select(level => level.shape).ShouldBe(expected.Select(s => new long[] { 2, 3, s, s }));
    }

    [Fact]
    public void A_flat_image_has_nothing_but_its_coarsest_level()
    {
        using var scope = NewDisposeScope();

        var levels = LaplacianPyramid.Of(full([1, 1, 32, 32], 0.5f));

        levels[0].abs().max().item<float>().ShouldBeLessThan(1e-6f);
        levels[1].allclose(full([1, 1, 16, 16], 0.5f)).ShouldBeTrue();
    }

    [Fact]
    public void A_lone_pixel_comes_out_blurred_by_the_binomial_kernel()
    {
        using var scope = NewDisposeScope();
        var image = zeros(1, 1, 32, 32);
        image[0, 0, 16, 16] = 256;

        var coarse = LaplacianPyramid.Of(image)[1];

        // Outer product of 1 4 6 4 1 at every second place: 1, 6, 1.
        coarse[0, 0, 7..10, 7..10].data<float>().ToArray().ShouldBe([1, 6, 1, 6, 36, 6, 1, 6, 1]);
    }
}
