using Spectre.Console;

namespace GenCluster.Cli.Watching;

/// <summary>What a terminal can show.</summary>
internal static class TerminalAbilities
{
    /// <summary>Whether it has half blocks and enough colours for a photograph.</summary>
    public static bool CanShowPictures(this IAnsiConsole terminal) =>
        terminal.Profile.Capabilities is { Unicode: true, Ansi: true, ColorSystem: ColorSystem.EightBit or ColorSystem.TrueColor };
}
