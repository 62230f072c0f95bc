namespace GenCluster.Cli.CommandLine;

/// <summary>What the command tells the shell.</summary>
public static class ExitCode
{
    public const int Done = 0;

    /// <summary>The sweep failed or halted, or something around the command did.</summary>
    public const int Failed = 1;

    /// <summary>The command line or a sweep file is wrong.</summary>
    public const int WrongInput = 2;

    /// <summary>A coordinator node was put out by the others, or superseded.</summary>
    public const int Downed = 3;

    /// <summary>A coordinator node reached none of the others.</summary>
    public const int CouldNotJoin = 4;

    /// <summary>No coordinator answered, for as long as one is asked: the same command can do its work later.</summary>
    public const int NoAnswer = 5;

    /// <summary>Stopped by SIGINT or SIGTERM; the sweep can be resumed.</summary>
    public const int Interrupted = 130;
}
