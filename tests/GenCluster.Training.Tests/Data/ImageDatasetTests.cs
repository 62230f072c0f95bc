using GenCluster.Training.Data;

namespace GenCluster.Training.Tests.Data;

public sealed class ImageDatasetTests
{
    [Fact]
    public void Pads_with_background_and_scales_to_minus_one_to_one()
    {
        var dataset = new ImageDataset("tiny", new IdxImages(1, 2, 2, [0, 255, 51, 204]), size: 4);
        var image = Enumerable.Repeat(9f, 16).ToArray();

        dataset.Split(0).Training.Read(0, image);

        image.ShouldBe([
            -1, -1, -1, -1,
            -1, -1, 1, -1,
            -1, -0.6f, 0.6f, -1,
            -1, -1, -1, -1], 1e-6);
        (dataset.Channels, dataset.Size, dataset.Count).ShouldBe((1, 4, 1));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(37)]
    [InlineData(99)]
    public void Divides_the_images_without_loss_or_overlap(int heldOut)
    {
        var (training, held) = Numbered(100).Split(heldOut);

        (training.Count, held.Count).ShouldBe((100 - heldOut, heldOut));
        Contents(training).Concat(Contents(held)).Order().ShouldBe(Enumerable.Range(0, 100));
    }

    [Fact]
    public void Holds_out_the_same_images_every_time_drawn_from_everywhere()
    {
        var held = Contents(Numbered(100).Split(10).HeldOut);

        held.ShouldBe(Contents(Numbered(100).Split(10).HeldOut));
        held.ShouldBe([93, 96, 12, 74, 15, 35, 85, 32, 65, 22]); // other ones would change every recorded objective
    }

    [Theory]
    [InlineData(100)]
    [InlineData(-1)]
    public void Refuses_to_leave_nothing_to_train_on(int heldOut) =>
        Should.Throw<DataException>(() => Numbered(100).Split(heldOut)).Message
            .ShouldBe($"data.heldOut {heldOut} does not fit data set 'numbered', which has 100 images; use 0 to 99");

    [Fact]
    public void Refuses_a_size_that_images_do_not_fit() =>
        Should.Throw<DataException>(() => new ImageDataset("fashion-mnist", new IdxImages(1, 28, 28, new byte[784]), 16)).Message
            .ShouldBe("data.imageSize 16 is smaller than the 28x28 images of data set 'fashion-mnist'; use 28 or more");

    [Fact]
    public void Refuses_images_that_are_not_square() =>
        Should.Throw<DataException>(() => new ImageDataset("wide", new IdxImages(1, 2, 3, new byte[6]), 16)).Message.ShouldContain("2x3");

    [Fact]
    public void Refuses_an_index_or_a_place_that_is_not_its_own()
    {
        var held = Numbered(100).Split(10).HeldOut;

        Should.Throw<ArgumentOutOfRangeException>(() => held.Read(10, new float[1]));
        Should.Throw<ArgumentOutOfRangeException>(() => held.Read(-1, new float[1]));
        Should.Throw<ArgumentException>(() => held.Read(0, new float[2]));
    }

    private static ImageDataset Numbered(int count) => new("numbered", new IdxImages(count, 1, 1, [.. Enumerable.Range(0, count).Select(x => (byte)x)]), 1);

    private static List<int> Contents(ImageSubset part)
    {
        var image = new float[1];
        var contents = new List<int>();
        for (long i = 0; i < part.Count; i++)
        {
            part.Read(i, image);
            contents.Add((int)MathF.Round((image[0] + 1) * 127.5f));
        }

        return contents;
    }
}
