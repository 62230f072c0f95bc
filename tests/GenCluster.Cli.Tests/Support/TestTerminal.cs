using Spectre.Console;
using Spectre.Console.Rendering;

namespace GenCluster.Cli.Tests.Support;

/// <summary>A terminal of fixed size whose screen is a string.</summary>
internal static class TestTerminal
{
    public static IAnsiConsole Create(TextWriter output, int width, int height = 40, bool colors = false)
    {
        var terminal = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = colors ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = colors ? ColorSystemSupport.TrueColor : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(output),
            Enrichment = new ProfileEnrichment { UseDefaultEnrichers = false },
        });
        terminal.Profile.Width = width;
        terminal.Profile.Height = height;
        terminal.Profile.Capabilities.Unicode = true;
        return terminal;
    }

    public static string Draw(IRenderable picture, int width, bool colors = false)
    {
        using var output = new StringWriter();
        Create(output, width, colors: colors).Write(picture);
        return output.ToString().ReplaceLineEndings("\n").Replace("\e", "ESC", StringComparison.Ordinal);
    }
}
