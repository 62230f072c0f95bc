using GenCluster.Core.Parameters;
using GenCluster.Core.Search;
using GenCluster.Search.Sampling;
using GenCluster.Search.Sampling.Sobol;

namespace GenCluster.Search.Tests.Sampling;

public sealed class SobolSamplerTests : SamplingByChance
{
    private const double Whole = 4294967296.0;

    protected override ISampler Sampler { get; } = new SobolSampler();

    [Theory]
    [InlineData(0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)]
    [InlineData(1, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5)]
    [InlineData(2, 0.75, 0.25, 0.25, 0.25, 0.75, 0.75)]
    [InlineData(3, 0.25, 0.75, 0.75, 0.75, 0.25, 0.25)]
    [InlineData(4, 0.375, 0.375, 0.625, 0.875, 0.375, 0.125)]
    [InlineData(5, 0.875, 0.875, 0.125, 0.375, 0.875, 0.625)]
    public void The_first_points_are_those_of_Joe_and_Kuo(uint index, params double[] point) =>
        Enumerable.Range(0, point.Length).Select(axis => SobolSequence.At(index, axis) / Whole).ShouldBe(point);

    [Theory]
    [InlineData(100, 9, 0.6953125)]
    [InlineData(1000, 30, 0.1474609375)]
    [InlineData(777, 63, 0.4267578125)]
    [InlineData(1023, 62, 0.7900390625)]
    public void Later_points_are_those_of_another_implementation(uint index, int axis, double expected) =>
        (SobolSequence.At(index, axis) / Whole).ShouldBe(expected);

    [Theory]
    [InlineData("owen")]
    [InlineData("shift")]
    [InlineData("none")]
    public void Every_aligned_block_of_points_has_one_in_each_part_of_each_axis(string scrambling)
    {
        var space = new ParameterSpace([.. Enumerable.Range(0, SobolSequence.Dimensions).Select(i => new Parameter($"p{i:D3}", new Uniform(0, 1)))]);
        var points = Propose(With(space, scrambling), 128);

        foreach (int size in new[] { 2, 8, 64, 128 })
        {
            foreach (var block in points.Chunk(size))
            {
                for (int axis = 0; axis < SobolSequence.Dimensions; axis++)
                    block.Select(p => (int)(p.Assignment.Settings[axis].Value.Number * size)).Distinct().Count().ShouldBe(size, $"axis {axis} from {block[0].Number}");
            }
        }
    }

    [Fact]
    public void The_first_two_axes_are_even_in_all_boxes_together()
    {
        // A (0, 5, 2)-net: of 32 points each of the 32 boxes of any shape 2^-i x 2^-(5-i) has one.
        var space = new ParameterSpace([new("a", new Uniform(0, 1)), new("b", new Uniform(0, 1))]);
        var points = Propose(History(space), 32).Select(p => (A: p.Assignment["a"].Number, B: p.Assignment["b"].Number)).ToList();

        for (int i = 0; i <= 5; i++)
            points.Select(p => ((int)(p.A * (1 << i)), (int)(p.B * (1 << (5 - i))))).ShouldBeUnique();
    }

    [Fact]
    public void Without_scrambling_the_points_are_those_of_the_sequence()
    {
        var space = new ParameterSpace([new("a", new Uniform(0, 1)), new("b", new Uniform(0, 1))]);

        Propose(With(space, "none"), 3).Select(p => (p.Assignment["a"].Number, p.Assignment["b"].Number)).ShouldBe([(0, 0), (0.5, 0.5), (0.75, 0.25)]);
    }

    [Fact]
    public void What_comes_after_the_last_axis_is_drawn_at_random()
    {
        var space = new ParameterSpace([.. Enumerable.Range(0, SobolSequence.Dimensions + 1).Select(i => new Parameter($"p{i:D3}", new Uniform(0, 1)))]);
        string last = space.Parameters[^1].Path;

        Propose(History(space), 5).Select(p => p.Assignment[last]).ShouldBe(new RandomSampler().Propose(History(space), 5, Seed).Select(p => p.Assignment[last]));
    }

    [Fact]
    public void Asking_in_portions_gives_the_same_as_asking_at_once() =>
        Propose(History(Space, Trial(1, null, null), Trial(2, null, null)), 1).ShouldBe([Propose(History(Space), 3)[2]]);

    private static SearchHistory With(ParameterSpace space, string scrambling) =>
        History(space) with { Options = new Assignment([new("scrambling", ParameterValue.Of(scrambling))]) };
}
