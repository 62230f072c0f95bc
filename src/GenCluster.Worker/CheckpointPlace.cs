using Akka.Actor;
using GenCluster.Actors.Shelves;
using GenCluster.Core.Checkpoints;
using GenCluster.Checkpoints;
using GenCluster.Checkpoints.S3;

namespace GenCluster.Worker;

/// <summary>Where this worker's checkpoints go: the operator's choice, on the command line or in the environment.</summary>
internal static class CheckpointPlace
{
    public const string Option = "--checkpoints";
    public const string Variable = "GENCLUSTER_CHECKPOINTS";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Reads the choice; the command line counts before the environment.</summary>
    /// <param name="given">From the command line; null when it says nothing.</param>
    /// <param name="fault">One sentence; null when the choice is sound.</param>
    /// <returns>Null for the trial's own folder.</returns>
    public static CheckpointAddress? Read(string? given, out string? fault)
    {
        fault = null;
        string source = given is null ? Variable : Option;
        if ((given ?? Environment.GetEnvironmentVariable(Variable)) is not { Length: > 0 } text)
            return null;
        if (CheckpointAddress.Parse(text, out string why) is { } address)
            return address;
        string shown = text.Contains('@', StringComparison.Ordinal) ? "its value" : $"'{text.Split('?')[0]}'"; // the rest may be secret
        fault = $"{source}: {shown} {why}";
        return null;
    }

    /// <summary>The stores at an address.</summary>
    /// <param name="contacts">Coordinator nodes.</param>
    /// <returns>Null for the trial's own folder.</returns>
    /// <exception cref="StorageException">The place cannot be opened as it is named.</exception>
    public static ICheckpointStores? Open(CheckpointAddress? address, IReadOnlyList<string> contacts) => address switch
    {
        null => null,
        CheckpointAddress.Folder folder => new DirectoryCheckpointStores(folder.Path),
        CheckpointAddress.Bucket bucket => new S3CheckpointStores(bucket, new S3Options(), TimeProvider.System),
        CheckpointAddress.Journal => new JournalCheckpointStores(contacts, Patience, TimeProvider.System),
        _ => throw new ArgumentOutOfRangeException(nameof(address), address, "a place without a store"),
    };

    /// <summary>Gives the stores that speak with the coordinator a system to speak through.</summary>
    public static void Attach(this ICheckpointStores? stores, ActorSystem system) => (stores as JournalCheckpointStores)?.Attach(system);
}
