namespace GenCluster.Server.Access;

/// <summary>Keeps so many answers for so long. When it is full of answers that still hold, it begins anew: they are asked again.</summary>
internal sealed class BoundedCache<TKey, TValue>(int capacity, TimeSpan lifetime, TimeProvider time)
    where TKey : notnull
    where TValue : class
{
    private readonly Lock one = new();
    private readonly Dictionary<TKey, (TValue Value, long Since)> kept = [];

    public TValue? Find(TKey key)
    {
        lock (one)
            return kept.TryGetValue(key, out var found) && IsFresh(found.Since) ? found.Value : null;
    }

    public void Keep(TKey key, TValue value)
    {
        lock (one)
        {
            if (kept.Count >= capacity)
            {
                foreach (var stale in kept.Where(k => !IsFresh(k.Value.Since)).Select(k => k.Key).ToArray())
                    kept.Remove(stale);
            }

            if (kept.Count >= capacity)
                kept.Clear();
            kept[key] = (value, time.GetTimestamp());
        }
    }

    private bool IsFresh(long since) => time.GetElapsedTime(since) < lifetime;
}
