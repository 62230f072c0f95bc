using System.Runtime.InteropServices;
using GenCluster.Collectives.Tree;

namespace GenCluster.Collectives.Codecs;

/// <summary>
/// What the nodes of one member's coded sums have left out. It is state of the training like an optimizer's moments: it belongs
/// to the run, outlives gangs, and goes along when shards move or a checkpoint is written. A node costs a vector of
/// its bucket's length from the first time that it is asked for; pages that are never written cost nothing.
/// </summary>
public sealed class Residuals
{
    private readonly float[]?[][][] vectors; // by phase, bucket and number of the node

    /// <summary>Nothing is left out yet.</summary>
    /// <param name="shards">The trial's shards, a power of two.</param>
    public Residuals(VectorLayout layout, int shards)
    {
        ArgumentNullException.ThrowIfNull(layout);
        Layout = layout;
        Shards = shards;
        vectors = [.. layout.Phases.Select(phase => phase.Select(_ => new float[]?[2 * shards]).ToArray())];
    }

    public VectorLayout Layout { get; }

    public int Shards { get; }

    /// <summary>The residual of a node in one bucket, zeros at first. One thread at a time for each bucket.</summary>
    public Span<float> Of(int phase, int bucket, TreeNode node) =>
        vectors[phase][bucket][node.NumberIn(Shards)] ??= new float[Layout.Phases[phase][bucket].Length];

    /// <summary>
    /// Completes a bucket's residuals on every member, before the shards are divided anew or a checkpoint is written: each
    /// hands the others what it has kept under the plan. Afterwards all members have all nodes; <see cref="Trim"/> lets go of them again.
    /// </summary>
    public void Gather(IExchange exchange, GangPlan plan, int member, int phase, int bucket, long position)
    {
        ArgumentNullException.ThrowIfNull(exchange);
        ArgumentNullException.ThrowIfNull(plan);
        var (outgoing, incoming) = (new ReadOnlyMemory<byte>[plan.Members], new Memory<byte>[plan.Members]);
        for (var number = 1; number < 2 * Shards; number++)
        {
            var node = TreeNodes.Numbered(number, Shards);
            var residual = Of(phase, bucket, node);
            var kept = Kept(plan, member, residual.Length, node);
            var own = MemoryMarshal.AsBytes(residual).Slice(kept.Start * sizeof(float), kept.Length * sizeof(float)).ToArray();
            for (var peer = 0; peer < plan.Members; peer++)
            {
                outgoing[peer] = own;
                incoming[peer] = new byte[peer == member ? 0 : Kept(plan, peer, residual.Length, node).Length * sizeof(float)];
            }

            exchange.Exchange(outgoing, incoming, position);
            for (var peer = 0; peer < plan.Members; peer++)
            {
                if (peer != member)
                {
                    incoming[peer].Span.CopyTo(MemoryMarshal.AsBytes(residual)[(Kept(plan, peer, residual.Length, node).Start * sizeof(float))..]);
                }
            }
        }
    }

    /// <summary>Lets go of the nodes that the member does not compute under the plan.</summary>
    public void Trim(GangPlan plan, int member)
    {
        ArgumentNullException.ThrowIfNull(plan);
        foreach (var nodes in vectors.SelectMany(phase => phase))
        {
            for (var number = 1; number < nodes.Length; number++)
            {
                if (nodes[number] is { } residual && Kept(plan, member, residual.Length, TreeNodes.Numbered(number, Shards)).Length == 0)
                {
                    nodes[number] = null;
                }
            }
        }
    }

    /// <summary>The elements of a node's residual that a member has: all below its partials, its slice above them, and none of what others compute alone.</summary>
    private static VectorSlice Kept(GangPlan plan, int member, int length, TreeNode node)
    {
        for (var m = 0; m < plan.Members; m++)
        {
            if (plan.Ranges[m].First <= node.FirstShard && node.FirstShard + node.Shards <= plan.Ranges[m].End)
            {
                return new VectorSlice(0, m == member ? length : 0);
            }
        }

        return CodedSlices.Of(length, member, plan.Members);
    }
}
