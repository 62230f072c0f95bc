using System.Diagnostics;

namespace GenCluster.EndToEnd.Tests.Support;

/// <summary>Waits for what other processes do: looks again and again, until a deadline.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(5);

    /// <summary>For what takes seconds, on a machine that may be very busy.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromMinutes(2);

    /// <param name="look">True when it has happened; throws when it cannot happen any more.</param>
    /// <param name="hopes">What is waited for, as the end of a sentence.</param>
    public static async Task Holds(Func<bool> look, string hopes, TimeSpan? within = null)
    {
        var patience = within ?? Patience;
        var clock = Stopwatch.StartNew();
        while (!look())
        {
            if (clock.Elapsed > patience)
                throw new TimeoutException($"waited {patience.TotalSeconds:0} s in vain for {hopes}");
            await Task.Delay(Interval);
        }
    }
}
