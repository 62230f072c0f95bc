using System.Globalization;
using System.Security.Cryptography;
using GenCluster.Core.Checkpoints;
using GenCluster.Core.Identity;
using GenCluster.Core.Trials;
using GenCluster.Server.Journals;

namespace GenCluster.Cli.Doctor;

/// <summary>The blobs of checkpoints in the folders of trials, held against what the journal says of them.</summary>
internal sealed class CheckpointFolders(string runs)
{
    private const string Temps = ".*.tmp";

    /// <summary>Every blob of the checkpoints that a trial can resume from must be there, with its content.</summary>
    public IEnumerable<Finding> Examine(TrialState trial)
    {
        string folder = FolderOf(trial.Trial);
        if (!trial.Live.IsEmpty && !Directory.Exists(folder))
            return [new Finding(Finding.BlobMissing, $"trial {trial.Trial} has {trial.Live.Length} checkpoints and no folder {folder}")];
        return trial.Live
            .SelectMany(manifest => manifest.Blobs.Select(blob => FaultOf(blob, folder, $"checkpoint of step {manifest.Step} of trial {trial.Trial}")))
            .OfType<Finding>();
    }

    /// <summary>Files that somebody began to write and did not live to finish.</summary>
    public IEnumerable<string> StaleTemps(TrialId trial)
    {
        string folder = FolderOf(trial);
        return Directory.Exists(folder) ? Directory.EnumerateFiles(folder, Temps, SearchOption.AllDirectories).Where(IsStale).Order(StringComparer.Ordinal) : [];
    }

    private string FolderOf(TrialId trial) => Path.Combine(
        runs, trial.Sweep.Value, "trials", trial.Number.ToString("0000", CultureInfo.InvariantCulture), "checkpoints");

    private static Finding? FaultOf(BlobRef blob, string folder, string whose)
    {
        FileInfo[] files = [.. new DirectoryInfo(folder).EnumerateFiles(blob.Sha256, SearchOption.AllDirectories)];
        return files.Length == 0
            ? new Finding(Finding.BlobMissing, $"{whose}: '{blob.Name}' ({blob.Sha256}) is not in {folder}")
            : files.Select(file => FaultOf(blob, file, whose)).FirstOrDefault(fault => fault is not null);
    }

    private static Finding? FaultOf(BlobRef blob, FileInfo file, string whose)
    {
        if (file.Length != blob.Length)
            return new Finding(Finding.BlobDamaged, $"{whose}: '{blob.Name}' has {file.Length} bytes and should have {blob.Length}: {file.FullName}");
        using var content = file.OpenRead();
        return Convert.ToHexStringLower(SHA256.HashData(content)) == blob.Sha256
            ? null
            : new Finding(Finding.BlobDamaged, $"{whose}: the content of '{blob.Name}' has another hash than its name: {file.FullName}");
    }

    // Whoever is writing holds a lock for as long.
    private static bool IsStale(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
