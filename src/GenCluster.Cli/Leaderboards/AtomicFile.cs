namespace GenCluster.Cli.Leaderboards;

/// <summary>Writes files that are there complete or not at all, whatever happens to the process or the power.</summary>
internal static class AtomicFile
{
    /// <exception cref="IOException">It could not be written; what was there before still is.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        string aside = path + ".partial";
        try
        {
            using (var stream = new FileStream(aside, FileMode.Create, FileAccess.Write, FileShare.None))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(aside, path, overwrite: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            TryDelete(aside);
            throw new IOException($"cannot write {path}: {failure.Message}", failure);
        }
    }

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // The write's own failure says more.
        }
    }
}
