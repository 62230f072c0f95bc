using GenCluster.Core.Gangs;

namespace GenCluster.Core.Tests.Gangs;

public sealed class ShardSharesTests
{
    [Theory]
    [InlineData(4, 1, "4")]
    [InlineData(4, 3, "2 1 1")]
    [InlineData(8, 3, "3 3 2")]
    [InlineData(4, 4, "1 1 1 1")]
    public void Even_shares_differ_by_one_and_the_first_have_more(int shards, int members, string expected) =>
        string.Join(' ', ShardShares.Even(shards, members)).ShouldBe(expected);

    [Theory]
    [InlineData(8, "1 1", "4 4")]
    [InlineData(8, "1 3", "6 2")]
    [InlineData(4, "1 1 1", "2 1 1")]
    [InlineData(4, "3 1 1", "1 2 1")]
    [InlineData(2, "1 1000", "1 1")] // everybody has one
    [InlineData(8, "0 1", "7 1")]
    public void Shares_follow_the_measured_speed(int shards, string seconds, string expected) =>
        string.Join(' ', ShardShares.Of(shards, Times(seconds))).ShouldBe(expected);

    [Theory]
    [InlineData("4 4", "1 1.05", null)] // not worth the move
    [InlineData("4 4", "1 2", "6 2")]
    [InlineData("5 3", "1 2", null)] // the best there is
    [InlineData("5 3", "1 1", "4 4")] // the slow one has recovered
    public void Shares_change_only_where_a_step_becomes_much_shorter(string shares, string seconds, string? expected)
    {
        int[]? better = ShardShares.Better([.. shares.Split(' ').Select(int.Parse)], Times(seconds));

        (better is null ? null : string.Join(' ', better)).ShouldBe(expected);
    }

    [Fact]
    public void No_other_shares_are_faster_and_none_flap()
    {
        for (int seed = 0; seed < 2_000; seed++)
        {
            var random = new Random(seed);
            double[] seconds = [.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => 0.1 + random.NextDouble())];
            int shards = 1 << random.Next(2, 5);
            int[] shares = ShardShares.Of(shards, seconds);

            shares.Sum().ShouldBe(shards);
            shares.ShouldAllBe(s => s >= 1);
            ShardShares.StepTime(shares, seconds).ShouldBe(Fastest(shards, seconds), 1e-12, $"seed {seed}");
            ShardShares.Better(shares, seconds).ShouldBeNull($"seed {seed}");
        }
    }

    [Theory]
    [InlineData(4, 0)]
    [InlineData(4, 5)]
    public void More_members_than_shards_are_refused(int shards, int members)
    {
        Should.Throw<ArgumentException>(() => ShardShares.Even(shards, members)).Message.ShouldContain($"cannot divide {shards} shards among {members} members");
        Should.Throw<ArgumentException>(() => ShardShares.Of(shards, new double[members]));
    }

    /// <summary>The best of all divisions, by trying them.</summary>
    private static double Fastest(int shards, ReadOnlySpan<double> seconds)
    {
        if (seconds.Length == 1)
            return shards * seconds[0];
        double best = double.PositiveInfinity;
        for (int first = 1; first <= shards - seconds.Length + 1; first++)
            best = Math.Min(best, Math.Max(first * seconds[0], Fastest(shards - first, seconds[1..])));
        return best;
    }

    private static double[] Times(string seconds) => [.. seconds.Split(' ').Select(s => double.Parse(s, System.Globalization.CultureInfo.InvariantCulture))];
}
