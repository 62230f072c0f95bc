using GenCluster.Core.Parameters;
using GenCluster.Core.Randomness;
using GenCluster.Core.Sweeps;
using GenCluster.Search.Analysis;

namespace GenCluster.Search.Tests.Analysis;

public sealed class ParetoFrontTests
{
    private static readonly ObjectiveSpec[] Objectives = [new("fid", Goal.Minimize), new("images per second", Goal.Maximize)];

    [Fact]
    public void Holds_those_that_no_other_beats_in_all_objectives() =>
        Front([30, 100], [20, 50], [25, 40], [20, 50], [40, 100], [35, 120]).ShouldBe([1, 2, 4, 6]);

    [Fact]
    public void Leaves_out_what_was_not_trained_to_its_end_or_breaks_a_constraint()
    {
        Contender[] contenders = [One(1, [10, 10]), One(2, [5, 20]) with { IsComplete = false }, One(3, [5, 20]) with { IsAdmissible = false }];

        ParetoFront.Of(contenders, Objectives).Select(c => c.Trial).ShouldBe([1]);
    }

    [Fact]
    public void Is_what_comparing_each_with_each_gives()
    {
        var random = new RandomStream(3, new StreamAddress(StreamPurpose.Search));
        Contender[] contenders = [.. Enumerable.Range(1, 300).Select(i => One(i, [random.NextInt(30), random.NextInt(30)]))];

        var expected = contenders.Where(c => !contenders.Any(o =>
            o.Values[0] <= c.Values[0] && o.Values[1] >= c.Values[1] && (o.Values[0] < c.Values[0] || o.Values[1] > c.Values[1])));

        ParetoFront.Of(contenders, Objectives).Select(c => c.Trial).ShouldBe(expected.Select(c => c.Trial));
    }

    private static IEnumerable<int> Front(params double[][] values) =>
        ParetoFront.Of(values.Select((v, i) => One(i + 1, v)), Objectives).Select(c => c.Trial);

    private static Contender One(int trial, double[] values) => new(trial, Assignment.Empty, values, true, true);
}
