namespace GenCluster.Cli.CommandLine;

/// <summary>A command whose help ends with examples.</summary>
public interface ITaught
{
    /// <summary>Command lines worth copying, each with what it does.</summary>
    IReadOnlyList<Example> Examples { get; }

    /// <summary>What it tells the shell, in one line.</summary>
    string ExitCodes => "0  done    1  failed    2  wrong input    130  interrupted, can be resumed";
}

/// <summary>A command line and what it does.</summary>
public sealed record Example(string Line, string Meaning);
