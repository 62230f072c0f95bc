using System.Diagnostics;

namespace GenCluster.Helm.Tests.Support;

/// <summary>Waits for what other processes do: looks again and again, until a deadline.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    /// <param name="look">True when it has happened; throws when it cannot happen any more.</param>
    /// <param name="hopes">What is waited for, as the end of a sentence.</param>
    public static async Task HoldsAsync(Func<Task<bool>> look, string hopes)
    {
        var clock = Stopwatch.StartNew();
        while (!await look())
        {
            if (clock.Elapsed > Patience)
                throw new TimeoutException($"waited {Patience.TotalSeconds:0} s in vain for {hopes}");
            await Task.Delay(Interval);
        }
    }
}
