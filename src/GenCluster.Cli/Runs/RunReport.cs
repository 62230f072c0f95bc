using GenCluster.Cli.CommandLine;
using GenCluster.Cli.Leaderboards;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Trials;

namespace GenCluster.Cli.Runs;

/// <summary>Says how a run ended, leaves its results in the run folder and chooses the exit code.</summary>
internal sealed class RunReport(RunSettings settings, RunFolder folder, CliPorts ports)
{
    public int Tell(RunEnd end)
    {
        switch (end)
        {
            case RunEnd.Ended(var view, var before):
                return TellEnded(view, before);
            case RunEnd.Refused(var reason):
                Say($"gencluster: {reason}");
                return ExitCode.WrongInput;
            case RunEnd.Interrupted:
                Say($"interrupted; resume with: {settings.ResumeLine}");
                return ExitCode.Interrupted;
            case RunEnd.Broken(var reason):
                Say($"gencluster: {reason}");
                Say($"nothing that was finished is lost; resume with: {settings.ResumeLine}");
                return ExitCode.Failed;
            default:
                throw new ArgumentOutOfRangeException(nameof(end), end, "not a known end");
        }
    }

    private int TellEnded(SweepView view, bool before)
    {
        if (before)
        {
            Say($"sweep '{view.Spec.Name}' had already ended in {folder.Path}; nothing was trained. "
                + "To start anew, give it another name or another folder with --runs DIR.");
        }

        AtomicFile.Write(folder.Leaderboard, stream => LeaderboardCsv.Write(view, stream));
        string? unsaved = BestTrial.Export(view, folder);
        if (settings.Output is OutputFormat.Json)
            LeaderboardJson.Write(view, folder, ports.Out);
        else
            LeaderboardText.Write(view, ports.Out);

        Say($"leaderboard   {folder.Leaderboard}");
        if (unsaved is null && BestTrial.Of(view) is { } best)
            Say(view.Spec.Trainable.Command is null ? $"best weights  {Path.Combine(folder.Best, BestTrial.WeightsFile)}" : $"best result   {folder.Result(best.Number)}");
        Say($"everything    {folder.Path}");
        if (unsaved is not null)
            Say($"gencluster: {unsaved}");
        return Outcome(view) ?? (unsaved is null ? ExitCode.Done : ExitCode.Failed);
    }

    // Null when the sweep succeeded.
    private int? Outcome(SweepView view)
    {
        switch (view.Phase)
        {
            case SweepPhase.Succeeded:
                return null;
            case SweepPhase.Halted:
                Say($"gencluster: the sweep halted: {view.HaltReason}");
                Say($"when that is mended, resume with: {settings.ResumeLine}");
                return ExitCode.Failed;
            case SweepPhase.Cancelled:
                Say($"gencluster: the sweep was {view.EndReason}");
                return ExitCode.Failed;
            default:
                var failed = view.Trials.Where(t => t.Phase is TrialPhase.Failed).ToArray();
                Say($"gencluster: the sweep failed: {failed.Length} of {view.Trials.Count} trials failed, budget.maxFailedTrials is {view.Spec.Budget.MaxFailedTrials}");
                foreach (var trial in failed)
                    Say($"  trial {trial.Number}: {trial.Message}");
                return ExitCode.Failed;
        }
    }

    private void Say(string line) => ports.Error.WriteLine(line);
}
