namespace GenCluster.Core.Workers;

/// <summary>
/// Finds a run that lives and does nothing: its thread is at work, and has been at the same piece of it for a minute and ten
/// times as long as usual. Soft state of one run; all times are readings of one monotonic clock, given by the caller.
/// </summary>
/// <remarks>
/// Time counts only as far as the caller looks: a process that was frozen as a whole does not blame its run for that.
/// </remarks>
public sealed class ProgressWatch
{
    /// <summary>No piece of work is found too long before that.</summary>
    public static readonly TimeSpan Least = TimeSpan.FromSeconds(60);

    /// <summary>The first piece may include the start of a device, and nothing is known yet of how long they take.</summary>
    public static readonly TimeSpan LeastOfFirst = TimeSpan.FromMinutes(10);

    /// <summary>So many times the usual is too long.</summary>
    public const double Factor = 10;

    /// <summary>Between two looks no more than this is counted.</summary>
    public static readonly TimeSpan LongestLook = TimeSpan.FromSeconds(2);

    private const double Weight = 0.1; // of the newest piece in what is usual

    private long seen = -1;
    private TimeSpan lastLook;
    private TimeSpan idle;
    private bool worked; // at this piece, as far as anybody looked
    private double? usual; // seconds

    /// <summary>Looks at the run.</summary>
    /// <returns>A sentence for people when it makes no step any more; else null.</returns>
    public string? Look(long beats, bool works, TimeSpan now)
    {
        var passed = now - lastLook < LongestLook ? now - lastLook : LongestLook;
        lastLook = now;
        if (seen < 0 || beats != seen)
        {
            if (worked)
                Learn((idle + passed).TotalSeconds / (beats - seen));
            (seen, idle, worked) = (beats, TimeSpan.Zero, works);
            return null;
        }

        idle = works ? idle + passed : TimeSpan.Zero;
        worked &= works; // a piece with a rest in it says nothing of how long pieces take
        return works && idle >= Limit ? $"makes no step: it has been at one for {idle.TotalSeconds:0} s, and {Usual}" : null;
    }

    private TimeSpan Limit => usual is not { } seconds
        ? LeastOfFirst
        : Factor * seconds > Least.TotalSeconds ? TimeSpan.FromSeconds(Factor * seconds) : Least;

    private string Usual => usual is { } seconds
        ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"one usually takes {seconds:0.###} s")
        : "it is the first";

    private void Learn(double seconds) => usual = usual is { } before ? before + (Weight * (seconds - before)) : seconds;
}
