using System.Data.Common;
using GenCluster.Cli.CommandLine;
using GenCluster.Cli.Submission;
using GenCluster.Cli.Watching;
using GenCluster.Core.Placement;
using GenCluster.Server.Journals;
using GenCluster.Server.ReadModel;

namespace GenCluster.Cli.Doctor;

/// <summary><c>gencluster doctor</c>: examines, mends where it was told to, and examines again.</summary>
internal sealed class Visit(DoctorSettings settings, CliPorts ports)
{
    private readonly JournalExamination examination = new(settings.Database);
    private readonly CheckpointFolders? folders = CheckpointFolders.Of(settings);

    public int Run()
    {
        try
        {
            var seen = Examine();
            if (settings.Repair && seen.Findings.Any(f => f.IsRepairable))
            {
                Repair(seen);
                seen = Examine();
            }

            if (seen.Findings.Count == 0) // by a journal with gaps nobody knows what is needed
                ClearAway([.. seen.Fold.Trials.SelectMany(t => folders?.Unneeded(t) ?? [])]);
            return Tell(seen);
        }
        catch (DbException e)
        {
            throw new CliException(ExitCode.Failed, $"the journal {settings.Database.Name} cannot be read: {e.Message.TrimEnd('.')}");
        }
    }

    private string Checked => (folders, settings.Checkpoints) switch
    {
        (not null, _) => "blobs were checked",
        (null, not null) => "blobs were not checked (they are in no folder)",
        (null, null) => "blobs were not checked (--runs DIR)",
    };

    private Examined Examine()
    {
        var seen = examination.Run();
        if (folders is null)
            return seen;
        var blobs = BlobFaults(folders, seen.Fold);
        var temps = seen.Fold.Trials.SelectMany(t => folders.StaleTemps(t.Trial)).Select(path => new Finding(Finding.TempFile, $"{path} was never finished"));
        return seen with { Findings = [.. seen.Findings, .. blobs, .. temps] };
    }

    /// <summary>What is missing is told only of checkpoints that are still kept: a trial may have cleared one away meanwhile.</summary>
    private IEnumerable<Finding> BlobFaults(CheckpointFolders from, JournalFold fold)
    {
        BlobFault[] faults = [.. fold.Trials.SelectMany(from.Examine)];
        if (faults.All(f => f.Finding.Code != Finding.BlobMissing))
            return faults.Select(f => f.Finding);
        var kept = examination.Run().Fold.Trials.SelectMany(t => t.Live.Select(manifest => (t.Trial, manifest))).ToHashSet();
        return faults.Where(f => f.Finding.Code != Finding.BlobMissing || kept.Contains((f.Trial, f.Checkpoint))).Select(f => f.Finding);
    }

    private void Repair(Examined seen)
    {
        if (seen.Findings.Any(f => f.Code is Finding.ReadModelDiffers or Finding.ReadModelMissing))
        {
            RepairReadModel();
            ports.Error.WriteLine("the read model was made anew from the journal");
        }

        foreach (string path in seen.Fold.Trials.SelectMany(t => folders?.StaleTemps(t.Trial) ?? []))
        {
            File.Delete(path);
            ports.Error.WriteLine($"deleted {path}");
        }
    }

    /// <summary>No fault: a worker that dies after a checkpoint leaves the one before it. Whoever leads the trial next clears it away, but an ended one has no next.</summary>
    private void ClearAway(List<FileInfo> unneeded)
    {
        if (unneeded.Count == 0)
            return;
        string what = $"{Words.Count(unneeded.Count, "blob")} ({ByteSize.Text(unneeded.Sum(f => f.Length))}) that no checkpoint names";
        if (!settings.Repair)
        {
            ports.Error.WriteLine($"there {(unneeded.Count == 1 ? "is" : "are")} {what}; --repair clears them away");
            return;
        }

        unneeded.ForEach(f => f.Delete());
        ports.Error.WriteLine($"cleared away {what}");
    }

    private void RepairReadModel()
    {
        try
        {
            examination.RepairReadModel();
        }
        catch (DbException e)
        {
            throw new CliException(
                ExitCode.Failed, $"the read model was not made anew: {e.Message.TrimEnd('.')}; give the same command again, or stop the coordinator first");
        }
    }

    private int Tell(Examined seen)
    {
        if (settings.Output is OutputFormat.Json)
        {
            ApiText.WriteJson(new { events = seen.Fold.Count, readModelBehind = seen.Behind, blobsChecked = folders is not null, findings = seen.Findings }, ports.Out);
        }
        else
        {
            foreach (var finding in seen.Findings)
                ports.Out.WriteLine($"{finding.Code}: {finding.Message}");
            ports.Out.WriteLine(
                $"{settings.Database.Name}: {seen.Fold.Count} events of {seen.Fold.Sweeps.Count()} sweeps and {seen.Fold.Trials.Count()} trials; "
                + $"the read model is {seen.Behind} behind; {Checked}; "
                + (seen.Findings.Count == 0 ? "all is well" : $"{seen.Findings.Count} findings"));
        }

        if (seen.Findings.Any(f => f.IsRepairable))
            ports.Error.WriteLine("what can be mended is mended with --repair");
        return seen.Findings.Count == 0 ? ExitCode.Done : ExitCode.Failed;
    }
}
