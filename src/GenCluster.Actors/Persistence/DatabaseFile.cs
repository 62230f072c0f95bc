namespace GenCluster.Actors.Persistence;

/// <summary>
/// Where the connection string of a database comes from: a file, or the environment. Never an argument: those are there
/// for everybody to read.
/// </summary>
public static class DatabaseFile
{
    /// <summary>The environment variable that holds a connection string, used when no file is named.</summary>
    public const string Variable = "GENCLUSTER_DATABASE";

    /// <summary>A connection string, for people to see what one looks like.</summary>
    public const string Example = "Host=db.example.org;Port=5432;Database=gencluster;Username=gencluster;Password=...";

    /// <summary>The database that the file tells of, or the environment where there is no file; null for neither.</summary>
    /// <param name="path">A text file with one connection string, or null.</param>
    /// <exception cref="JournalException">The file cannot be read, or holds no connection string.</exception>
    public static JournalDatabase? Find(string? path)
    {
        string? text = path is null ? Environment.GetEnvironmentVariable(Variable) : Read(path);
        return string.IsNullOrWhiteSpace(text) ? null : new JournalDatabase.Postgres(text.Trim());
    }

    private static string Read(string path)
    {
        string text;
        try
        {
            text = File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new JournalException($"the database file {path} cannot be read: {e.Message.TrimEnd('.')}", e);
        }

        return string.IsNullOrWhiteSpace(text)
            ? throw new JournalException($"the database file {path} is empty; it holds one line like {Example}")
            : text;
    }
}
