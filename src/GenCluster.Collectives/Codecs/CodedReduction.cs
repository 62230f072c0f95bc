using System.Collections.Immutable;
using GenCluster.Collectives.Tree;

namespace GenCluster.Collectives.Codecs;

/// <summary>
/// Coded sums of a gang, as one member sees them: what <see cref="CodedTree"/> computes, divided. The member rounds every
/// node below its partials, and sends each peer the codes of its partials over the peer's slice; each finishes the
/// tree over its own slice, node by node, and sends the root's code out. All that crosses a wire is codes.
/// <code>
/// vectors.Begin(phase);
/// coded.Begin();
/// for (var shard = range.First; shard &lt; range.End; shard++)
/// {
///     Compute(shard, vectors.Vector);
///     coded.Commit(shard, bucket);             // and vectors.Commit for buckets that stay exact
/// }
/// coded.Reduce(exchange, bucket, position);    // the sum is in vectors.Vector
/// </code>
/// Different buckets may be committed by different threads, one bucket by one thread at a time; one is reduced at a time.
/// After a broken exchange slots and residuals hold rubbish: the trial goes back to a checkpoint.
/// </summary>
public sealed class CodedReduction
{
    private readonly ICodec codec;
    private readonly ShardAccumulator vectors;
    private readonly Residuals residuals;
    private readonly SlotSchedule schedule;
    private readonly GangPlan plan;
    private readonly int member;
    private readonly int[] next; // by bucket: the shard whose vector comes next
    private readonly ImmutableArray<(int Member, int Partial)?> partials; // by number of the node
    private readonly byte[][] sent; // by peer: the codes of all own partials over the peer's slice
    private readonly byte[][] received; // by peer: the codes of all its partials over the own slice
    private readonly byte[][] roots; // by member: the code of the sum over its slice
    private readonly ReadOnlyMemory<byte>[] outgoing;
    private readonly Memory<byte>[] incoming;
    private readonly float[] scratch; // one block for each level

    /// <param name="vectors">Gives plan, member, memory and phase; its own count of shards is not touched.</param>
    /// <param name="residuals">What earlier sums have left out.</param>
    public CodedReduction(ICodec codec, ShardAccumulator vectors, Residuals residuals)
    {
        ArgumentNullException.ThrowIfNull(codec);
        ArgumentNullException.ThrowIfNull(vectors);
        ArgumentNullException.ThrowIfNull(residuals);

        this.codec = codec;
        this.vectors = vectors;
        this.residuals = residuals;
        (plan, member) = (vectors.Plan, vectors.Member);
        schedule = new SlotSchedule(plan, member);
        next = new int[plan.Layout.Phases.Max(phase => phase.Length)];
        partials = PartialsByNumber();
        sent = [.. Members().Select(peer => new byte[plan.PartialsOf(member).Length * LongestCode(peer)])];
        received = [.. Members().Select(peer => new byte[plan.PartialsOf(peer).Length * LongestCode(member)])];
        roots = [.. Members().Select(peer => new byte[LongestCode(peer)])];
        outgoing = new ReadOnlyMemory<byte>[plan.Members];
        incoming = new Memory<byte>[plan.Members];
        scratch = new float[(int.Log2(plan.Shards) + 1) * Codec.BlockElements];
        Begin();
    }

    /// <summary>Forgets what was committed; the phase is that of the accumulator.</summary>
    public void Begin() => Array.Fill(next, plan.Ranges[member].First);

    /// <summary>Carries one bucket of the vector of the member's next shard up the tree, rounding every node that it completes.</summary>
    /// <exception cref="ArgumentException">It is another shard's turn.</exception>
    public void Commit(int shard, int bucket)
    {
        if (shard != next[bucket] || !plan.Ranges[member].Contains(shard))
        {
            throw new ArgumentException(
                $"member {member} with shards {plan.Ranges[member]} cannot commit shard {shard} in bucket {bucket} now; the next one is {next[bucket]}", nameof(shard));
        }

        var vector = In(0, bucket);
        var node = new TreeNode(0, shard);
        Round(node, bucket, vector);
        foreach (var move in schedule.After(shard))
        {
            var into = In(move.Into, bucket);
            if (move.Left is { } left)
            {
                node = new TreeNode(node.Level + 1, node.Index / 2);
                VectorSum.Add(In(left, bucket), vector, into);
                Round(node, bucket, into);
            }
            else
            {
                vector.CopyTo(into);
            }
        }

        next[bucket]++;
    }

    /// <summary>Sums one bucket over all members; the sum is in the accumulator's vector on return.</summary>
    /// <exception cref="InvalidOperationException">Not all shards have been committed.</exception>
    /// <exception cref="InvalidDataException">A peer sent what is no code.</exception>
    public void Reduce(IExchange exchange, int bucket, long position)
    {
        ArgumentNullException.ThrowIfNull(exchange);
        if (next[bucket] != plan.Ranges[member].End)
        {
            throw new InvalidOperationException($"member {member} with shards {plan.Ranges[member]} has not committed shard {next[bucket]} in bucket {bucket}");
        }

        var length = In(0, bucket).Length;
        EncodePartials(bucket, length);
        ExchangePartials(exchange, length, position);
        FinishSlice(bucket, SliceOf(member, length));
        ExchangeSums(exchange, length, position);
        DecodeSum(bucket, length);
    }

    private void EncodePartials(int bucket, int length)
    {
        for (var partial = 0; partial < plan.PartialsOf(member).Length; partial++)
        {
            var value = In(schedule.PartialSlots[partial], bucket);
            var residual = residuals.Of(vectors.Phase, bucket, plan.PartialsOf(member)[partial]);
            for (var peer = 0; peer < plan.Members; peer++)
            {
                var slice = SliceOf(peer, length);
                CodedNode.Encode(
                    codec, value.Slice(slice.Start, slice.Length), residual.Slice(slice.Start, slice.Length), CodeOf(sent[peer], partial, slice.Length));
            }
        }
    }

    private void ExchangePartials(IExchange exchange, int length, long position)
    {
        for (var peer = 0; peer < plan.Members; peer++)
        {
            outgoing[peer] = sent[peer].AsMemory(0, plan.PartialsOf(member).Length * CodeLength(peer, length));
            incoming[peer] = received[peer].AsMemory(0, plan.PartialsOf(peer).Length * CodeLength(member, length));
        }

        exchange.Exchange(outgoing, incoming, position);
    }

    /// <summary>The tree above the partials, over the own slice, one block after the other: what lies in between stays in the cache.</summary>
    private void FinishSlice(int bucket, VectorSlice slice)
    {
        var root = new TreeNode(int.Log2(plan.Shards), 0);
        for (var start = 0; start < slice.Length; start += Codec.BlockElements)
        {
            var block = new VectorSlice(start, Math.Min(Codec.BlockElements, slice.Length - start));
            var code = CodeOf(roots[member], 0, slice.Length, block);
            if (partials[1] is { } whole)
            {
                CodeOf(sent[member], whole.Partial, slice.Length, block).CopyTo(code);
            }
            else
            {
                CodedNode.Encode(codec, Sum(root, bucket, slice, block), Residual(root, bucket, slice, block), code);
            }
        }
    }

    /// <summary>Left plus right of a node over a block of the own slice, in the node's level of the scratch.</summary>
    private Span<float> Sum(TreeNode node, int bucket, VectorSlice slice, VectorSlice block)
    {
        var sum = scratch.AsSpan(node.Level * Codec.BlockElements, block.Length);
        Value(node.Left, bucket, slice, block).CopyTo(sum);
        VectorSum.Add(sum, Value(node.Right, bucket, slice, block), sum);
        return sum;
    }

    private Span<float> Value(TreeNode node, int bucket, VectorSlice slice, VectorSlice block)
    {
        if (partials[node.NumberIn(plan.Shards)] is not var (from, partial))
        {
            var sum = Sum(node, bucket, slice, block);
            CodedNode.Round(codec, sum, Residual(node, bucket, slice, block));
            return sum;
        }

        var value = scratch.AsSpan(node.Level * Codec.BlockElements, block.Length);
        codec.Decode(CodeOf(from == member ? sent[member] : received[from], partial, slice.Length, block), value);
        return value;
    }

    private void ExchangeSums(IExchange exchange, int length, long position)
    {
        for (var peer = 0; peer < plan.Members; peer++)
        {
            outgoing[peer] = roots[member].AsMemory(0, CodeLength(member, length));
            incoming[peer] = roots[peer].AsMemory(0, CodeLength(peer, length));
        }

        exchange.Exchange(outgoing, incoming, position);
    }

    private void DecodeSum(int bucket, int length)
    {
        for (var peer = 0; peer < plan.Members; peer++)
        {
            var slice = SliceOf(peer, length);
            codec.Decode(CodeOf(roots[peer], 0, slice.Length), In(0, bucket).Slice(slice.Start, slice.Length));
        }
    }

    /// <summary>A partial waits for its code until the bucket is reduced; encoding it twice would count its residual twice.</summary>
    private void Round(TreeNode node, int bucket, Span<float> value)
    {
        if (partials[node.NumberIn(plan.Shards)] is null)
        {
            CodedNode.Round(codec, value, residuals.Of(vectors.Phase, bucket, node));
        }
    }

    private Span<float> Residual(TreeNode node, int bucket, VectorSlice slice, VectorSlice block) =>
        residuals.Of(vectors.Phase, bucket, node).Slice(slice.Start + block.Start, block.Length);

    private Span<float> In(int slot, int bucket)
    {
        var place = vectors.Buckets[bucket];
        return vectors.Memory.Slot(slot).Slice(place.Start, place.Length);
    }

    private VectorSlice SliceOf(int m, int length) => CodedSlices.Of(length, m, plan.Members);

    private int CodeLength(int m, int length) => codec.EncodedBytes(SliceOf(m, length).Length);

    /// <summary>One code among several of slices of the same length.</summary>
    private Span<byte> CodeOf(byte[] codes, int index, int elements) => codes.AsSpan(index * codec.EncodedBytes(elements), codec.EncodedBytes(elements));

    private Span<byte> CodeOf(byte[] codes, int index, int elements, VectorSlice block) =>
        CodeOf(codes, index, elements).Slice(codec.EncodedBytes(block.Start), codec.EncodedBytes(block.Length));

    private IEnumerable<int> Members() => Enumerable.Range(0, plan.Members);

    private int LongestCode(int m) => plan.Layout.Phases.Max(phase => phase.Max(bucket => CodeLength(m, bucket.Length)));

    private ImmutableArray<(int Member, int Partial)?> PartialsByNumber()
    {
        var found = new (int, int)?[2 * plan.Shards];
        foreach (var m in Members())
        {
            foreach (var (partial, node) in plan.PartialsOf(m).Index())
            {
                found[node.NumberIn(plan.Shards)] = (m, partial);
            }
        }

        return [.. found];
    }
}
