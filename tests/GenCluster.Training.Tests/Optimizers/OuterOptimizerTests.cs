using FsCheck.Xunit;
using GenCluster.Core.Sweeps;
using GenCluster.Training.Optimizers;

namespace GenCluster.Training.Tests.Optimizers;

public sealed class OuterOptimizerTests
{
    private static readonly DilocoSpec LocalSgd = new(LocalSteps: 8, OuterLearningRate: 1, OuterMomentum: 0);

    [Fact]
    public void A_delta_points_back_to_where_the_round_began()
    {
        float[] delta = new float[3];

        OuterOptimizer.Delta([1f, 2f, -3f], [1.5f, 1f, -3f], delta);

        delta.ShouldBe([-0.5f, 1f, 0f]);
    }

    [Fact]
    public void A_delta_may_take_the_place_of_the_parameters()
    {
        float[] start = Drawn(1, 40), end = Drawn(2, 40), expected = new float[40];
        OuterOptimizer.Delta(start, end, expected);

        OuterOptimizer.Delta(start, end, end);

        end.ShouldBe(expected);
    }

    [Fact]
    public void Nesterov_momentum_is_that_of_the_books()
    {
        var spec = new DilocoSpec(16, OuterLearningRate: 0.5, OuterMomentum: 0.5);
        float[] theta = [8f], velocity = [0f];

        OuterOptimizer.Update(spec, theta, [8f], scale: 0.5f, velocity);
        (theta[0], velocity[0]).ShouldBe((8f - 0.5f * (4f + 0.5f * 4f), 4f));

        OuterOptimizer.Update(spec, theta, [4f], scale: 0.5f, velocity);
        (theta[0], velocity[0]).ShouldBe((5f - 0.5f * (2f + 0.5f * 4f), 4f));
    }

    [Property(MaxTest = 50)]
    public void Local_SGD_gives_the_mean_of_the_replicas(int seed)
    {
        const int Replicas = 4;
        int length = new Random(seed).Next(1, 100);
        float[] start = Drawn(seed, length), sum = new float[length], velocity = new float[length], delta = new float[length];
        float[][] replicas = [.. Enumerable.Range(1, Replicas).Select(r => Drawn(unchecked(seed + r), length))];
        foreach (float[] replica in replicas)
        {
            OuterOptimizer.Delta(start, replica, delta);
            for (int i = 0; i < length; i++)
                sum[i] += delta[i];
        }

        OuterOptimizer.Update(LocalSgd, start, sum, 1f / Replicas, velocity);

        for (int i = 0; i < length; i++)
            start[i].ShouldBe(replicas.Average(replica => replica[i]), 1e-6f);
    }

    [Fact]
    public void One_replica_alone_goes_where_it_went()
    {
        float[] start = [1f, 2f, 4f], end = [0.5f, 4f, 8f], delta = new float[3];
        OuterOptimizer.Delta(start, end, delta);

        OuterOptimizer.Update(LocalSgd, start, delta, scale: 1, new float[3]);

        start.ShouldBe(end);
    }

    [Property(MaxTest = 50)]
    public void A_number_in_a_register_is_treated_as_one_in_the_rest(int seed)
    {
        var spec = new DilocoSpec(16, 0.7, 0.9);
        float[] theta = Drawn(seed, 37), deltas = Drawn(unchecked(seed + 1), 37), velocity = Drawn(unchecked(seed + 2), 37);
        float[][] single = [.. Enumerable.Range(0, 37).Select(Alone)];

        OuterOptimizer.Update(spec, theta, deltas, 0.25f, velocity);

        theta.ShouldBe(single.Select(s => s[0]));
        velocity.ShouldBe(single.Select(s => s[1]));

        float[] Alone(int i)
        {
            float[] t = [theta[i]], v = [velocity[i]];
            OuterOptimizer.Update(spec, t, [deltas[i]], 0.25f, v);
            return [t[0], v[0]];
        }
    }

    [Fact]
    public void Rounds_of_descent_on_a_bowl_find_its_bottom()
    {
        // Two replicas, each with a bowl of its own around 1 and 3: the bottom of their sum is 2.
        var spec = new DilocoSpec(LocalSteps: 8, OuterLearningRate: 0.7, OuterMomentum: 0.9);
        float[] theta = [-5f], velocity = [0f];
        for (int round = 0; round < 200; round++)
        {
            float[] sum = [0f];
            foreach (float bottom in (float[])[1f, 3f])
            {
                float local = theta[0];
                for (int step = 0; step < spec.LocalSteps; step++)
                    local -= 0.05f * (local - bottom);
                sum[0] += theta[0] - local;
            }

            OuterOptimizer.Update(spec, theta, sum, 0.5f, velocity);
        }

        theta[0].ShouldBe(2f, 1e-3f);
    }

    [Fact]
    public void Nothing_is_allocated()
    {
        float[] theta = Drawn(1, 1000), deltas = Drawn(2, 1000), velocity = new float[1000];
        Work();

        long before = GC.GetAllocatedBytesForCurrentThread();
        Work();

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);

        void Work()
        {
            OuterOptimizer.Delta(theta, deltas, deltas);
            OuterOptimizer.Update(LocalSgd, theta, deltas, 0.5f, velocity);
        }
    }

    [Fact]
    public void Spans_of_different_lengths_are_refused()
    {
        Should.Throw<ArgumentException>(() => OuterOptimizer.Update(LocalSgd, new float[4], new float[5], 1, new float[4]))
            .Message.ShouldContain("the parameters have 4 elements, what is computed with them 5 and 4");
    }

    private static float[] Drawn(int seed, int length)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, length).Select(_ => (float)(random.NextDouble() - 0.5))];
    }
}
