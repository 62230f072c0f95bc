using Spectre.Console;

namespace GenCluster.Cli.Watching;

/// <summary>Finds out whether there is a terminal to draw on.</summary>
internal static class TerminalDetector
{
    /// <summary>The terminal behind <paramref name="talk"/>, or null where lines are the better choice.</summary>
    public static IAnsiConsole? Find(TextWriter talk)
    {
        if (Console.IsErrorRedirected || Environment.GetEnvironmentVariable("TERM") is null or "" or "dumb")
            return null;
        return AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(talk), Interactive = InteractionSupport.No });
    }
}
