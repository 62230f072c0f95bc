namespace GenCluster.Collectives.Native;

/// <summary>The pause between two looks at a socket in a hello: short at first, longer for one that is held.</summary>
internal static class LookAgain
{
    private const int QuickTries = 100;
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Later = TimeSpan.FromMilliseconds(10);

    /// <summary>Pauses, or not at all when something has just moved.</summary>
    /// <param name="tries">How many looks were in vain; 0 if the last one was not, or for the first.</param>
    public static Task AfterAsync(int tries, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return tries == 0 ? Task.CompletedTask : Task.Delay(tries < QuickTries ? Soon : Later, cancellation);
    }
}
