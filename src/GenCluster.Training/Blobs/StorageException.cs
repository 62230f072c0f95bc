namespace GenCluster.Training.Blobs;

/// <summary>Something could not be written. The message is one sentence that names the place and the cause.</summary>
public sealed class StorageException(string path, string cause, Exception inner) : IOException($"'{path}' cannot be written: {cause}", inner)
{
    public string Path { get; } = path;
}
