using System.Globalization;
using System.Security.Cryptography;
using GenCluster.Core.Checkpoints;
using GenCluster.Core.Identity;
using GenCluster.Core.Trials;
using GenCluster.Server.Journals;

namespace GenCluster.Cli.Doctor;

/// <summary>The blobs of checkpoints in the folders of trials, held against what the journal says of them.</summary>
internal sealed class CheckpointFolders : ICheckpointPlace
{
    private const string Temps = ".*.tmp";

    private readonly Func<TrialId, string> folderOf;

    private CheckpointFolders(Func<TrialId, string> folderOf)
    {
        this.folderOf = folderOf;
    }

    /// <summary>A folder for all of them, which workers were told.</summary>
    public static CheckpointFolders In(string place) => new(trial => Path.Combine(place, trial.Sweep.Value, NameOf(trial.Number)));

    /// <summary>The folders that trials have in their run's folder.</summary>
    public static CheckpointFolders OfRuns(string runs) => new(trial => Path.Combine(runs, trial.Sweep.Value, "trials", NameOf(trial.Number), "checkpoints"));

    public IEnumerable<BlobFault> Examine(TrialState trial)
    {
        string folder = folderOf(trial.Trial);
        if (!trial.Live.IsEmpty && !Directory.Exists(folder))
        {
            string message = $"trial {trial.Trial} has {trial.Live.Length} checkpoints and no folder {folder}";
            return [new BlobFault(trial.Trial, trial.Live[0], new Finding(Finding.BlobMissing, message))];
        }

        return
            from manifest in trial.Live
            from blob in manifest.Blobs
            let fault = FaultOf(blob, folder, $"checkpoint of step {manifest.Step} of trial {trial.Trial}")
            where fault is not null
            select new BlobFault(trial.Trial, manifest, fault);
    }

    public IEnumerable<string> StaleTemps(TrialId trial)
    {
        string folder = folderOf(trial);
        return Directory.Exists(folder) ? Directory.EnumerateFiles(folder, Temps, SearchOption.AllDirectories).Where(IsStale).Order(StringComparer.Ordinal) : [];
    }

    public UnneededBlobs Unneeded(TrialState trial)
    {
        var folder = new DirectoryInfo(folderOf(trial.Trial));
        if (!folder.Exists)
            return UnneededBlobs.None;
        var view = CollectorView.OfJournal(trial);
        List<FileInfo> files =
        [
            .. Blobs(folder, space: 0).Concat(folder.EnumerateDirectories().Where(IsSpace).SelectMany(d => Blobs(d, SpaceOf(d))))
                .Where(blob => view.IsGarbage(blob.Key)).Select(blob => blob.File).OrderBy(f => f.FullName, StringComparer.Ordinal),
        ];
        return new UnneededBlobs(files.Count, files.Sum(f => f.Length), () => files.ForEach(f => f.Delete()));
    }

    private static IEnumerable<(BlobKey Key, FileInfo File)> Blobs(DirectoryInfo folder, long space) =>
        folder.EnumerateFiles().Where(f => BlobKey.IsHash(f.Name)).Select(f => (new BlobKey(space, f.Name), f));

    private static bool IsSpace(DirectoryInfo folder) => SpaceOf(folder) > 0 && folder.Name == NameOf(SpaceOf(folder));

    private static long SpaceOf(DirectoryInfo folder) => long.TryParse(folder.Name, NumberStyles.None, CultureInfo.InvariantCulture, out long space) ? space : 0;

    private static string NameOf(long number) => number.ToString("D4", CultureInfo.InvariantCulture);

    // The first releases had no spaces: their blobs lie in the trial's folder itself.
    private static Finding? FaultOf(BlobRef blob, string folder, string whose)
    {
        string space = blob.Space == 0 ? folder : Path.Combine(folder, NameOf(blob.Space));
        try
        {
            return FaultOf(blob, new FileInfo(Path.Combine(space, blob.Sha256)), whose);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return new Finding(Finding.BlobMissing, $"{whose}: '{blob.Name}' ({blob.Sha256}) is not in {space}");
        }
    }

    /// <exception cref="FileNotFoundException">It is not there, or was removed meanwhile.</exception>
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
