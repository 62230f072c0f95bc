using GenCluster.Cli.CommandLine;
using GenCluster.Core.Sweeps;

namespace GenCluster.Cli.Runs;

/// <summary>How many worker processes a run starts.</summary>
public static class WorkerCount
{
    /// <summary>
    /// What was asked for; else what the sweep can use at once, as far as the machine has processors, but never fewer
    /// than one gang needs.
    /// </summary>
    /// <exception cref="CliException">Fewer were asked for than one gang needs.</exception>
    public static int For(SweepSpec spec, int? asked, int processors)
    {
        int needed = Math.Max(1, spec.Resources.MinWorkers);
        if (asked < needed)
        {
            throw new CliException(ExitCode.WrongInput,
                $"--workers {asked} is too few: resources.workers.min of '{spec.Name}' is {needed}; use at least {needed}");
        }

        long usable = Math.Min((long)spec.Search.ParallelTrials, spec.Search.MaxTrials) * spec.Resources.MaxWorkers;
        return asked ?? (int)Math.Max(needed, Math.Min(usable, processors));
    }
}
