using GenCluster.Core.Sweeps;
using GenCluster.Core.Trials;

namespace GenCluster.Cli.Watching;

/// <summary>How fast a sweep is and how long it will take.</summary>
/// <param name="Elapsed">Since the first view.</param>
/// <param name="Left">For the whole sweep; null while nothing is known.</param>
/// <param name="Trials">For each running trial whose speed is known.</param>
public sealed record SweepEstimate(TimeSpan Elapsed, TimeSpan? Left, IReadOnlyDictionary<int, TimeSpan> Trials);

/// <summary>
/// Estimates from the views as they come. A trial's speed is what it did since it was first seen running, with its
/// evaluations and checkpoints; the speed it reports itself leaves those out and only bridges the first moments.
/// </summary>
public sealed class ProgressClock(TimeProvider time)
{
    private static readonly TimeSpan Enough = TimeSpan.FromSeconds(5);

    private readonly long start = time.GetTimestamp();
    private readonly Dictionary<int, Mark> marks = [];

    public SweepEstimate Estimate(SweepView view)
    {
        var lefts = new Dictionary<int, TimeSpan>();
        double speed = 0;
        foreach (var trial in view.Trials.Where(t => t.Phase is TrialPhase.Running))
        {
            double rate = Rate(trial);
            if (!(rate > 0))
                continue;
            speed += rate;
            if (trial.Steps < CommandSpec.NoEnd)
                lefts[trial.Number] = Seconds(Math.Max(0, trial.Steps - trial.Step) / rate);
        }

        return new SweepEstimate(time.GetElapsedTime(start), Left(view, speed, lefts), lefts);
    }

    private static TimeSpan? Left(SweepView view, double speed, Dictionary<int, TimeSpan> lefts)
    {
        if (view.HasEnded || speed <= 0 || view.Spec.Training.Steps == CommandSpec.NoEnd)
            return null;

        // At the end of a sweep the last trial runs alone, so the sum of all steps is not the whole story.
        long toPropose = Math.Max(0, view.Spec.Search.MaxTrials - view.Trials.Count);
        long live = view.Trials.Where(t => t.Phase is TrialPhase.Pending or TrialPhase.Running or TrialPhase.Paused).Sum(t => (long)Math.Max(0, t.Steps - t.Step));
        var shared = Seconds((live + toPropose * view.Spec.Training.Steps) / speed);
        var longest = lefts.Values.Max();
        return shared > longest ? shared : longest;
    }

    private double Rate(TrialView trial)
    {
        long now = time.GetTimestamp();
        if (!marks.TryGetValue(trial.Number, out var mark) || mark.Attempt != trial.Attempts || trial.Step < mark.Step)
            marks[trial.Number] = mark = new Mark(trial.Attempts, trial.Step, now);
        var seen = time.GetElapsedTime(mark.At, now);
        return seen >= Enough && trial.Step > mark.Step ? (trial.Step - mark.Step) / seen.TotalSeconds : trial.StepsPerSecond;
    }

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(Math.Min(seconds, TimeSpan.MaxValue.TotalSeconds / 2));

    private readonly record struct Mark(long Attempt, int Step, long At);
}
