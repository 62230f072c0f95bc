namespace GenCluster.Checkpoints;

/// <summary>Something could not be written, or read. The message is one sentence that names the place and the cause.</summary>
/// <param name="done">What could not be done to it.</param>
public sealed class StorageException(string path, string cause, Exception? inner, string done = "written")
    : IOException($"'{path}' cannot be {done}: {cause}", inner)
{
    public string Path { get; } = path;
}
