using GenCluster.Cli.CommandLine;
using GenCluster.Core.Sweeps;
using GenCluster.Server.ReadModel;

namespace GenCluster.Cli.Following;

/// <summary>How a sweep ended, for the shell and for people.</summary>
internal static class SweepEnd
{
    /// <returns>The exit code.</returns>
    public static int Tell(SweepDetail sweep, TextWriter error)
    {
        switch (sweep.Sweep.State)
        {
            case nameof(SweepPhase.Succeeded):
                return ExitCode.Done;
            case nameof(SweepPhase.Halted):
                error.WriteLine($"gencluster: the sweep halted: {sweep.HaltReason}; when that is mended, submit it again");
                return ExitCode.Failed;
            case nameof(SweepPhase.Failed):
                error.WriteLine($"gencluster: the sweep failed: {sweep.Sweep.Failed} of {sweep.Sweep.Trials} trials failed");
                return ExitCode.Failed;
            case var state:
                error.WriteLine($"gencluster: the sweep ended: {state.ToLowerInvariant()}");
                return ExitCode.Failed;
        }
    }
}
