using GenCluster.Core.Training;
using GenCluster.Core.Trials;

namespace GenCluster.Benchmarks.Scale;

/// <summary>Trains nothing: the leader of a gang reports an evaluation after each step, all of the same length; the others wait.</summary>
internal sealed class ReportingRunner(TimeSpan step, Action<int> reported) : ITrialRunner
{
    private int count;

    public RunOutcome Run(TrialOrder order, ITrialObserver observer, RunControl control)
    {
        observer.Started(0);
        if (order.Member != 0)
        {
            control.Aborted.WaitHandle.WaitOne(); // sent home when the leader is done
            throw new OperationCanceledException(control.Aborted);
        }

        int number = order.Lease.Trial.Number, steps = order.Definition.Training.Steps;
        Wait(step * (number % 100 / 100.0)); // not all at once
        for (int i = 1; i <= steps; i++)
        {
            Wait(step);
            observer.Evaluated(new MetricReport(i, [new Metric(ScaleSweep.Metric, number + 1.0 / i)]), null);
            reported(Interlocked.Increment(ref count));
        }

        return new RunOutcome.Completed(steps, $"{number:x64}");

        void Wait(TimeSpan time)
        {
            control.Aborted.WaitHandle.WaitOne(time);
            control.Aborted.ThrowIfCancellationRequested();
        }
    }
}
