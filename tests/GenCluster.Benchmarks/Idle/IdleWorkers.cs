using GenCluster.Benchmarks.Systems;
using GenCluster.Core.Training;

namespace GenCluster.Benchmarks.Idle;

/// <summary>
/// Workers without work in one process, each with an actor system and a connection of its own, as processes have them.
/// <code>
/// idle COORDINATOR COUNT
/// </code>
/// </summary>
internal static class IdleWorkers
{
    public const string Role = "idle";

    public static async Task RunAsync(string coordinator, int count)
    {
        for (int i = 0; i < count; i++)
            await WorkerHosts.StartAsync(coordinator, $"worker-{i}", 1, new NoRunner());
        await Task.Delay(Timeout.Infinite);
    }

    private sealed class NoRunner : ITrialRunner
    {
        public RunOutcome Run(TrialOrder order, ITrialObserver observer, RunControl control) => throw new BenchmarkException("an idle worker was given a trial");
    }
}
