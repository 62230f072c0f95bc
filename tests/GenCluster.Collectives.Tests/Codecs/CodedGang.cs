using System.Collections.Immutable;
using GenCluster.Collectives.Codecs;
using GenCluster.Collectives.Memory;
using GenCluster.Collectives.Tree;

namespace GenCluster.Collectives.Tests.Codecs;

/// <summary>All members of a gang in one process, with the memory and the residuals that outlive it.</summary>
internal sealed class CodedGang : IDisposable
{
    private readonly ICodec codec;
    private readonly VectorMemory[] memories;
    private readonly ShardAccumulator[] vectors;
    private readonly CodedReduction[] reductions;

    public CodedGang(ICodec codec, GangPlan plan, Residuals[] residuals)
    {
        this.codec = codec;
        Plan = plan;
        Residuals = residuals;
        memories = [.. Enumerable.Range(0, plan.Members).Select(_ => new VectorMemory(plan.Layout.Capacity, plan.Shards))];
        vectors = [.. memories.Select((memory, member) => new ShardAccumulator(plan, member, memory))];
        reductions = [.. vectors.Select((accumulator, member) => new CodedReduction(codec, accumulator, residuals[member]))];
        Exchange = new MemoryExchange(plan.Members);
    }

    public GangPlan Plan { get; }

    public Residuals[] Residuals { get; }

    public MemoryExchange Exchange { get; }

    public static CodedGang Fresh(ICodec codec, GangPlan plan) =>
        new(codec, plan, [.. Enumerable.Range(0, plan.Members).Select(_ => new Residuals(plan.Layout, plan.Shards))]);

    /// <summary>One step over all buckets of a phase.</summary>
    /// <param name="shards">A slot's content for each shard.</param>
    /// <returns>Each member's slot 0.</returns>
    public float[][] Step(int phase, IReadOnlyList<float[]> shards)
    {
        Exchange.Run((member, exchange) =>
        {
            vectors[member].Begin(phase);
            reductions[member].Begin();
            for (var shard = Plan.Ranges[member].First; shard < Plan.Ranges[member].End; shard++)
            {
                shards[shard].CopyTo(vectors[member].Vector);
                for (var bucket = 0; bucket < Plan.Layout.Phases[phase].Length; bucket++)
                {
                    reductions[member].Commit(shard, bucket);
                }
            }

            for (var bucket = 0; bucket < Plan.Layout.Phases[phase].Length; bucket++)
            {
                reductions[member].Reduce(exchange, bucket, position: 0);
            }
        });
        return [.. vectors.Select(accumulator => accumulator.Vector.ToArray())];
    }

    /// <summary>A planned change: residuals are gathered, joiners get them from member 0, and everybody keeps what he needs.</summary>
    public CodedGang Divide(ImmutableArray<ShardRange> ranges)
    {
        Exchange.Run((member, exchange) =>
        {
            ForEachBucket((phase, bucket) => Residuals[member].Gather(exchange, Plan, member, phase, bucket, position: 0));
        });

        var plan = new GangPlan(Plan.Shards, ranges, Plan.Layout);
        var residuals = Enumerable.Range(0, plan.Members).Select(member => member < Plan.Members ? Residuals[member] : Copy(Residuals[0])).ToArray();
        for (var member = 0; member < plan.Members; member++)
        {
            residuals[member].Trim(plan, member);
        }

        Dispose();
        return new CodedGang(codec, plan, residuals);
    }

    public void Dispose()
    {
        Exchange.Dispose();
        Array.ForEach(memories, memory => memory.Dispose());
    }

    private Residuals Copy(Residuals from)
    {
        var copy = new Residuals(Plan.Layout, Plan.Shards);
        ForEachBucket((phase, bucket) =>
        {
            for (var number = 1; number < 2 * Plan.Shards; number++)
            {
                var node = TreeNodes.Numbered(number, Plan.Shards);
                from.Of(phase, bucket, node).CopyTo(copy.Of(phase, bucket, node));
            }
        });
        return copy;
    }

    private void ForEachBucket(Action<int, int> each)
    {
        for (var phase = 0; phase < Plan.Layout.Phases.Length; phase++)
        {
            for (var bucket = 0; bucket < Plan.Layout.Phases[phase].Length; bucket++)
            {
                each(phase, bucket);
            }
        }
    }
}
