using GenCluster.Training.Loop;

namespace GenCluster.Training.Tests.Loop;

public sealed class DataOrderTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(37)]
    [InlineData(1000)]
    public void Every_epoch_shows_every_image_once(long count)
    {
        var order = new DataOrder(count, seed: 7);

        for (long epoch = 0; epoch < 3; epoch++)
            Enumerable.Range(0, (int)count).Select(i => order[epoch * count + i]).Order().ShouldBe(Enumerable.Range(0, (int)count).Select(i => (long)i));
    }

    [Fact]
    public void Positions_may_be_asked_for_in_any_order()
    {
        var (forward, backward) = (new DataOrder(37, 7), new DataOrder(37, 7));
        var positions = Enumerable.Range(0, 100).ToList();

        var there = positions.Select(i => forward[i]).ToList();
        var back = Enumerable.Reverse(positions).Select(i => backward[i]).Reverse().ToList();

        back.ShouldBe(there);
    }
}
