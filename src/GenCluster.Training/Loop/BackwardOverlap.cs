using GenCluster.Collectives.Gangs;
using GenCluster.Collectives.Tree;
using GenCluster.Training.Models;
using GenCluster.Training.Storage;

namespace GenCluster.Training.Loop;

/// <summary>
/// Sums buckets of gradients while the backward pass of this member's last shard still computes others: a bucket goes as
/// soon as its last gradient is there. The sums are the same as without it, and so are their bits.
/// </summary>
internal sealed class BackwardOverlap : IDisposable
{
    private readonly TrainingState state;
    private readonly BackwardHooks[] hooks;
    private readonly int[] missing; // numbers, by bucket of the phase
    private OverlappedReduction? reduction;
    private ShardAccumulator? vectors;
    private int shard;

    public BackwardOverlap(TrainingState state)
    {
        this.state = state;
        hooks = [.. state.Networks.Select((network, i) => new BackwardHooks(network, (start, length) => Complete(i, start, length)))];
        missing = new int[state.Vectors.Phases.Max(buckets => buckets.Length)];
    }

    public void Join(IGang gang, ShardAccumulator vectors)
    {
        reduction?.Dispose();
        (reduction, this.vectors) = (new OverlappedReduction(gang, vectors), vectors);
    }

    /// <summary>Begins with the last shard of an operation.</summary>
    public void Begin(int shard, long position)
    {
        this.shard = shard;
        var buckets = vectors!.Buckets;
        for (int bucket = 0; bucket < buckets.Length; bucket++)
            missing[bucket] = buckets[bucket].Length;

        // Backward goes from the last layer to the first; the tail is known when all is over.
        int tail = buckets.Length - 1;
        reduction!.Begin(position, [.. Enumerable.Range(0, tail).Reverse(), tail]);
    }

    /// <summary>Watches the pass that computes the last of the shard's gradients.</summary>
    public ShardLoss Watch(PhaseVector vector, Func<ShardLoss> pass)
    {
        BackwardHooks[] watching = [.. state.Networks.Index().Where(network => vector.Updated.Contains(network.Item)).Select(network => hooks[network.Index])];
        foreach (var hook in watching)
            hook.Begin();
        var loss = pass();
        foreach (var hook in watching)
            hook.End();
        return loss;
    }

    /// <summary>The rest of the shard's vector is there; waits for all sums.</summary>
    public void Finish()
    {
        Go(vectors!.Buckets.Length - 1);
        reduction!.Finish();
    }

    public void Dispose()
    {
        reduction?.Dispose();
        foreach (var hook in hooks)
            hook.Dispose();
    }

    private void Complete(int network, int start, int length)
    {
        int place = state.Layout.GradientsOf(network).Start + start;
        int bucket = 0;
        while (vectors!.Buckets[bucket] is var b && (place < b.Start || place >= b.End))
            bucket++;
        missing[bucket] -= length;
        if (missing[bucket] == 0)
            Go(bucket);
    }

    private void Go(int bucket)
    {
        vectors!.Commit(shard, bucket);
        reduction!.Ready(bucket);
    }
}
