namespace GenCluster.Collectives.Tree;

/// <summary>The consecutive shards that one gang member computes.</summary>
public readonly record struct ShardRange(int First, int Count)
{
    /// <summary>The shard after the last one.</summary>
    public int End => First + Count;

    /// <summary>Whether <paramref name="shard"/> is one of these.</summary>
    public bool Contains(int shard) => shard >= First && shard < End;

    /// <inheritdoc/>
    public override string ToString() => $"{First}..{End - 1}";
}
