namespace GenCluster.Cli.CommandLine;

/// <summary>A command whose help ends with examples.</summary>
public interface ITaught
{
    /// <summary>Command lines worth copying, each with what it does.</summary>
    IReadOnlyList<Example> Examples { get; }
}

/// <summary>A command line and what it does.</summary>
public sealed record Example(string Line, string Meaning);
