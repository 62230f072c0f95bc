using GenCluster.Core.Checkpoints;
using GenCluster.Core.Training;

namespace GenCluster.Worker.Programs;

/// <summary>
/// Hands the checkpoint folder of a program from attempt to attempt: after a report, and in the end, its files become a
/// checkpoint; before the next attempt they are put into a new folder, on whatever worker that is.
/// </summary>
internal sealed class ProgramCheckpoints(ITrialObserver observer, RunControl control, TimeProvider clock)
{
    private const string Numerics = "program";
    private const int FailuresUntilTold = 5;
    private const int ShareOfTime = 9; // of the time between two, the copy itself may take a tenth

    private CheckpointBook book = CheckpointBook.Empty;
    private ICheckpointStore? store;
    private long epoch;
    private IReadOnlyList<ListedFile> stored = [];
    private TimeSpan cost;
    private long storedAt;
    private int failures; // in a row
    private string? warned;

    private ICheckpointStore Store => store ?? throw new InvalidOperationException("only the leader of a gang writes checkpoints");

    /// <summary>The step of the newest checkpoint; -1 when there is none.</summary>
    public int Step { get; private set; } = -1;

    /// <summary>Of the files that were stored last.</summary>
    public string Sha256 { get; private set; } = "";

    /// <summary>Puts the files of the newest checkpoint that is whole into an empty folder.</summary>
    /// <returns>The step that the program goes on from; 0 when it has no files and so begins anew.</returns>
    public static int Restore(string folder, IReadOnlyList<CheckpointManifest> checkpoints, ICheckpointStore store, Action<string> warn)
    {
        foreach (var manifest in checkpoints)
        {
            try
            {
                return FolderCheckpoint.Load(folder, manifest, store) > 0 ? manifest.Step : 0;
            }
            catch (CorruptBlobException e)
            {
                warn($"the checkpoint of step {manifest.Step} is damaged, and an older one or none is used instead: {e.Message}");
                Directory.Delete(folder, recursive: true);
                Directory.CreateDirectory(folder);
            }
        }

        return 0;
    }

    /// <summary>This member leads from now on, under the order's lease.</summary>
    public void Lead(TrialOrder order, ICheckpointStore into)
    {
        (store, epoch, stored) = (into, order.Lease.Epoch, []); // blobs of an older lease lie in another space
        book = book.Lead(epoch, order.Checkpoints);
        RemoveOld();
    }

    /// <summary>
    /// Stores the folder after a report, when it has changed and that is not too much work. What is put off, or goes wrong
    /// because the program writes at that moment, is made up for when this is called again.
    /// </summary>
    public void Keep(string folder, int step)
    {
        if (step <= Step || clock.GetElapsedTime(storedAt) < cost * ShareOfTime)
            return;
        long began = clock.GetTimestamp();
        var files = Listed(folder);
        if (files is { Count: > 0 } && !files.SequenceEqual(stored))
            Save(folder, files, step);
        else
            (cost, storedAt) = (clock.GetElapsedTime(began), began);
    }

    /// <summary>Stores the folder as it was left; also one without files, so that it is known what there is to go on from.</summary>
    public void AtEnd(string folder, int step)
    {
        if (Listed(folder) is { } files && (step > Step || Step < 0 || !files.SequenceEqual(stored) || Sha256.Length == 0))
            Save(folder, files, step);
    }

    private void Save(string folder, IReadOnlyList<ListedFile> files, int step)
    {
        long began = clock.GetTimestamp();
        try
        {
            (var blobs, Sha256) = FolderCheckpoint.Save(folder, files, Store);
            stored = files;
            if (step <= Step)
                return; // the journal takes one for each step
            var manifest = new CheckpointManifest(step, blobs, Numerics);
            book = book.Store(manifest);
            (Step, failures) = (step, 0);
            observer.Checkpointed(manifest);
            RemoveOld();
        }
        catch (FolderChangedException e)
        {
            if (++failures == FailuresUntilTold)
                Warn($"the checkpoint folder could not be stored at step {step}: {e.Message}; write files under a name that ends with .tmp and rename them, before you report");
        }
        finally
        {
            (cost, storedAt) = (clock.GetElapsedTime(began), clock.GetTimestamp());
        }
    }

    /// <returns>Null when there is too much to be handed over.</returns>
    private IReadOnlyList<ListedFile>? Listed(string folder)
    {
        IReadOnlyList<ListedFile> files;
        try
        {
            files = FolderListing.Of(folder);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null; // it changes at this moment; another time will do
        }

        long bytes = files.Sum(file => file.Length);
        if (bytes <= FolderCheckpoint.MaxBytes && files.Count <= FolderCheckpoint.MaxFiles)
            return files;
        Warn($"the checkpoint folder is not stored: it has {files.Count} files of {bytes >> 20} MiB in all; allowed are {FolderCheckpoint.MaxFiles} files and {FolderCheckpoint.MaxBytes >> 20} MiB");
        return null;
    }

    private void Warn(string message)
    {
        if (warned == message)
            return;
        warned = message;
        observer.Warned(message);
    }

    /// <summary>What cannot be removed now is no reason to stop: a later time will find it.</summary>
    private void RemoveOld()
    {
        if (control.TakeKept() is { } answer)
            book = book.Hear(answer.Epoch, answer.Committed, answer.Kept);
        try
        {
            CheckpointCollector.Collect(Store, CollectorView.OfLeader(epoch, book));
        }
        catch (IOException e)
        {
            Warn($"old checkpoints could not be removed: {e.Message}");
        }
    }
}
