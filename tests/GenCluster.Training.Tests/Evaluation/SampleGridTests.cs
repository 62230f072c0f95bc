using GenCluster.Core.Parameters;
using GenCluster.Training.Evaluation;
using GenCluster.Training.Models;
using GenCluster.Training.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace GenCluster.Training.Tests.Evaluation;

public sealed class SampleGridTests
{
    [Theory]
    [InlineData(1, 16, 8, 8)]
    [InlineData(1, 32, 8, 6)]
    [InlineData(3, 32, 8, 2)]
    [InlineData(1, 128, 3, 1)]
    public void Has_eight_columns_and_as_many_rows_as_fit_a_picture(int channels, int size, int columns, int rows) =>
        SampleGrid.Layout(channels, size).ShouldBe((columns, rows));

    [Fact]
    public void Lays_images_out_row_by_row_with_channels_interleaved()
    {
        using var scope = NewDisposeScope();
        var images = zeros(4, 3, 2, 2); // image i: its first channel is i quarters of the way from black to white
        for (int i = 0; i < 4; i++)
            images[i] = tensor(new[] { i / 2f - 1, -1, 1 }).reshape(3, 1, 1);

        var picture = SampleGrid.Arrange(images, columns: 2);

        (picture.Width, picture.Height, picture.Channels).ShouldBe((4, 4, 3));
        byte[] Row(byte left, byte right) => [left, 0, 255, left, 0, 255, right, 0, 255, right, 0, 255];
        picture.Pixels.ShouldBe([.. Row(0, 64), .. Row(0, 64), .. Row(128, 191), .. Row(128, 191)]);
    }

    [Fact]
    public void Draws_the_same_samples_for_the_same_weights()
    {
        using var model = ModelZoo.Create("vae", TestModel.Settings("vae", ("channels", ParameterValue.Of(4L))), 1, 32);
        using var _ = inference_mode();

        var picture = SampleGrid.Draw(model, 1, 32, seed: 7, CPU);

        (picture.Width, picture.Height, picture.Pixels.Length).ShouldBe((256, 192, 48 * 1024));
        SampleGrid.Draw(model, 1, 32, seed: 7, CPU).Pixels.ShouldBe(picture.Pixels);
        SampleGrid.Draw(model, 1, 32, seed: 8, CPU).Pixels.ShouldNotBe(picture.Pixels);
    }
}
