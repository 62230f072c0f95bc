using GenCluster.Core.Search;

namespace GenCluster.Search.Scheduling.Population;

/// <summary>The milestones of a population: multiples of an interval.</summary>
internal readonly record struct Marks(int First, int Interval, int Last)
{
    public static Marks Of(SearchHistory history)
    {
        var options = AlgorithmOptions.OfScheduler("pbt", history);
        int every = Math.Max(1, history.EvaluateEvery);
        long interval = Up(Math.Max(1, options.Integer("interval")), every);
        long first = Math.Max(interval, Up(options.Integer("burnIn"), interval));
        return new Marks((int)Math.Min(first, history.Steps), (int)Math.Min(interval, history.Steps), history.Steps);
    }

    public int After(int mark) => (int)Math.Min((long)mark + Interval, Last);

    /// <summary>Whether the step is one at which trials wait.</summary>
    public bool Contains(int step) => step >= First && step < Last && step % Interval == 0;

    private static long Up(long steps, long to) => (steps + to - 1) / to * to;
}
