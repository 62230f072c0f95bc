using System.Data.Common;
using GenCluster.Checkpoints;
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
    private readonly ICheckpointPlace? place = PlaceOf(settings);

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
                ClearAway([.. seen.Fold.Trials.Select(t => place?.Unneeded(t)).OfType<UnneededBlobs>().Where(u => u.Count > 0)]);
            return Tell(seen);
        }
        catch (StorageException e)
        {
            throw new CliException(ExitCode.Failed, $"the checkpoints cannot be checked: {e.Message}");
        }
        catch (DbException e)
        {
            throw new CliException(ExitCode.Failed, $"the journal {settings.Database.Name} cannot be read: {e.Message.TrimEnd('.')}");
        }
    }

    private static ICheckpointPlace? PlaceOf(DoctorSettings settings)
    {
        try
        {
            return ICheckpointPlace.Of(settings);
        }
        catch (StorageException e)
        {
            throw new CliException(ExitCode.WrongInput, e.Message);
        }
    }

    private string Checked => (place, settings.Checkpoints) switch
    {
        (not null, _) => "blobs were checked",
        (null, not null) => "blobs were not checked (they are in the coordinator's database)",
        (null, null) => "blobs were not checked (--runs DIR)",
    };

    private Examined Examine()
    {
        var seen = examination.Run();
        if (place is null)
            return seen;
        var blobs = BlobFaults(place, seen.Fold);
        var temps = seen.Fold.Trials.SelectMany(t => place.StaleTemps(t.Trial)).Select(path => new Finding(Finding.TempFile, $"{path} was never finished"));
        return seen with { Findings = [.. seen.Findings, .. blobs, .. temps] };
    }

    /// <summary>What is missing is told only of checkpoints that are still kept: a trial may have cleared one away meanwhile.</summary>
    private IEnumerable<Finding> BlobFaults(ICheckpointPlace from, JournalFold fold)
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

        foreach (string path in seen.Fold.Trials.SelectMany(t => place?.StaleTemps(t.Trial) ?? []))
        {
            File.Delete(path);
            ports.Error.WriteLine($"deleted {path}");
        }
    }

    /// <summary>No fault: a worker that dies after a checkpoint leaves the one before it. Whoever leads the trial next clears it away, but an ended one has no next.</summary>
    private void ClearAway(List<UnneededBlobs> unneeded)
    {
        int count = unneeded.Sum(u => u.Count);
        if (count == 0)
            return;
        string size = unneeded.Sum(u => u.Bytes) is > 0 and var bytes ? $" ({ByteSize.Text(bytes)})" : "";
        string what = $"{Words.Count(count, "blob")}{size} that no checkpoint names";
        if (!settings.Repair)
        {
            ports.Error.WriteLine($"there {(count == 1 ? "is" : "are")} {what}; --repair clears them away");
            return;
        }

        unneeded.ForEach(u => u.Clear());
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
            ApiText.WriteJson(new { events = seen.Fold.Count, readModelBehind = seen.Behind, blobsChecked = place is not null, findings = seen.Findings }, ports.Out);
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
