using GenCluster.Core.Parameters;
using GenCluster.Core.Randomness;
using GenCluster.Core.Search;
using GenCluster.Core.Sweeps;
using static GenCluster.Core.Tests.Support.Samples;

namespace GenCluster.Core.Tests.Search;

public sealed class SearchHistoryTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2, 1)]
    [InlineData(6, 2, 3, 5)]
    public void The_next_number_follows_the_last(int next, params int[] numbers)
    {
        var trials = numbers.Select(n => new TrialRecord(n, Assignment.Empty, null)).ToList();

        new SearchHistory(Spec.Parameters, Spec.Objective, trials).NextNumber.ShouldBe(next);
    }

    [Fact]
    public void Random_numbers_of_a_search_are_keyed_by_seed_trial_and_use()
    {
        var random = new SearchRandom(7);

        random.For(1).NextDouble().ShouldBe(0.21573397747008516);
        random.For(1).NextUInt64().ShouldBe(random.For(1).NextUInt64());
        RandomStream[] streams = [random.For(1), random.For(2), random.For(1, use: 1), new SearchRandom(8).For(1)];
        streams.Select(s => s.NextUInt64()).ShouldBeUnique();
    }
}
