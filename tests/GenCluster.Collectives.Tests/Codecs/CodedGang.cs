using System.Collections.Immutable;
using GenCluster.Collectives.Codecs;
using GenCluster.Collectives.Gangs;
using GenCluster.Collectives.Memory;
using GenCluster.Collectives.Tests.Support;
using GenCluster.Collectives.Tree;

namespace GenCluster.Collectives.Tests.Codecs;

/// <summary>All members of a gang in one process, over a real transport.</summary>
internal sealed class CodedGang : IDisposable
{
    private readonly ICodec codec;
    private readonly GangOptions options;
    private readonly Residuals[] residuals;
    private readonly Loopback? loopback;
    private readonly VectorMemory[] memories;
    private readonly IGang[] gangs;
    private readonly ShardAccumulator[] vectors;

    private CodedGang(ICodec codec, GangPlan plan, GangOptions options, Residuals[] residuals, Loopback? loopback)
    {
        (this.codec, this.options, this.residuals, this.loopback) = (codec, options, residuals, loopback);
        Plan = plan;
        memories = loopback is null ? [new VectorMemory(plan.Layout.Capacity, plan.Shards)] : [.. loopback.Memories];
        gangs = loopback is null ? [new SoloGang(plan)] : [.. loopback.Gangs];
        vectors = [.. memories.Select((memory, member) =>
            new ShardAccumulator(plan, member, memory, new Coding(codec, residuals[member], (_, _) => true)))];
    }

    public GangPlan Plan { get; }

    /// <summary>All that members have sent over wires.</summary>
    public long BytesSent => loopback!.Listeners.Sum(listener => listener.Counters.BytesSent);

    public static async Task<CodedGang> FreshAsync(ICodec codec, GangPlan plan, GangOptions? options = null)
    {
        options ??= GangOptions.Default;
        Residuals[] residuals = [.. Enumerable.Range(0, plan.Members).Select(_ => new Residuals(plan.Layout, plan.Shards))];
        return new CodedGang(codec, plan, options, residuals, plan.Members == 1 ? null : await Loopback.JoinedAsync(plan, options));
    }

    /// <summary>One step over all buckets of a phase.</summary>
    /// <param name="shards">A slot's content for each shard.</param>
    /// <returns>Each member's slot 0.</returns>
    public async Task<float[][]> StepAsync(int phase, IReadOnlyList<float[]> shards)
    {
        await OnAllAsync(member =>
        {
            vectors[member].Begin(phase);
            for (var shard = Plan.Ranges[member].First; shard < Plan.Ranges[member].End; shard++)
            {
                shards[shard].CopyTo(vectors[member].Vector);
                vectors[member].Commit(shard);
            }

            gangs[member].AllReduce(vectors[member], position: 0);
        });
        return [.. vectors.Select(accumulator => accumulator.Vector.ToArray())];
    }

    /// <summary>A change of the gang: all members have to forget before it.</summary>
    public Task<CodedGang> DivideAsync(ImmutableArray<ShardRange> ranges)
    {
        Dispose();
        return FreshAsync(codec, new GangPlan(Plan.Shards, ranges, Plan.Layout), options);
    }

    /// <summary>What has been left out is forgotten by all members.</summary>
    public void Forget() => Array.ForEach(residuals, member => member.Forget());

    public void Dispose()
    {
        Array.ForEach(gangs, gang => gang.Dispose());
        Array.ForEach(memories, memory => memory.Dispose());
        loopback?.Dispose();
    }

    private Task OnAllAsync(Action<int> act) => Task.WhenAll(Enumerable.Range(0, Plan.Members).Select(member => Loopback.OnOwnThread(() =>
    {
        act(member);
        return member;
    }))).WaitAsync(Loopback.Patience);
}
