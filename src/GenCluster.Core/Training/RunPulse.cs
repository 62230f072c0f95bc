namespace GenCluster.Core.Training;

/// <summary>
/// Shows whether a run's thread moves: it beats whenever it begins or ends work of its own. Waiting for others, evaluating
/// and storing are no such work. Written by the run's thread, read by any.
/// </summary>
public sealed class RunPulse
{
    private long beats;
    private volatile bool works;

    /// <summary>How often it has beaten, and whether the thread is at work since.</summary>
    public (long Beats, bool Works) Reading => (Interlocked.Read(ref beats), works);

    /// <summary>From now on the thread computes.</summary>
    public void Work() => Beat(true);

    /// <summary>From now on it waits, or does what may take any time.</summary>
    public void Rest() => Beat(false);

    private void Beat(bool atWork)
    {
        works = atWork;
        Interlocked.Increment(ref beats);
    }
}
