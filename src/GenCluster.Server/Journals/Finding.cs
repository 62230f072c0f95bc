namespace GenCluster.Server.Journals;

/// <summary>Something that is not as it should be.</summary>
/// <param name="Code">For programs, one of the constants here.</param>
/// <param name="Message">Where, and what is wrong.</param>
public sealed record Finding(string Code, string Message)
{
    public const string SequenceGap = "sequence-gap";
    public const string SequenceRepeated = "sequence-repeated";
    public const string EventUnreadable = "event-unreadable";
    public const string EventMisplaced = "event-misplaced";
    public const string OutcomesDiffer = "outcomes-differ";
    public const string BlobMissing = "blob-missing";
    public const string BlobDamaged = "blob-damaged";
    public const string TempFile = "temp-file";
    public const string ReadModelMissing = "read-model-missing";
    public const string ReadModelDiffers = "read-model-differs";

    /// <summary>Whether it can be mended without loss: nothing that the journal names is ever touched.</summary>
    public bool IsRepairable => Code is TempFile or ReadModelMissing or ReadModelDiffers;
}
