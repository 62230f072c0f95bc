using System.Text;

namespace GenCluster.Configuration.Importers;

/// <summary>A command line as a shell splits it, as long as it needs no shell.</summary>
internal static class ShellWords
{
    private const string NeedsShell = "|&;<>()`*?[]~#!\n";

    /// <summary>
    /// The words; the whole line for <c>sh -c</c> when it has pipes, variables or the like. <c>${…}</c> and <c>{{…}}</c> are
    /// macros and no concern of a shell.
    /// </summary>
    public static string[] Split(string line) => Words(line) is { } words ? [.. words] : ["sh", "-c", line];

    private static List<string>? Words(string line)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        bool open = false;
        char quote = '\0';
        for (int i = 0; i < line.Length; i++)
        {
            char c = line[i];
            if (c == '$' && (i + 1 == line.Length || line[i + 1] is not '{') && quote is not '\'')
                return null;
            if (quote != '\0')
            {
                if (c == quote)
                    quote = '\0';
                else if (c == '\\' && quote == '"' && i + 1 < line.Length && line[i + 1] is '"' or '\\')
                    word.Append(line[++i]);
                else
                    word.Append(c);
            }
            else if (c is '\'' or '"')
                (quote, open) = (c, true);
            else if (c == '\\' && i + 1 < line.Length && line[i + 1] is '\n')
                i++;
            else if (c == '\\' && i + 1 < line.Length)
                word.Append(line[++i]);
            else if (c is ' ' or '\t' or '\r' or '\n')
            {
                if (word.Length > 0 || open)
                    words.Add(word.ToString());
                word.Clear();
                open = false;
            }
            else if (NeedsShell.Contains(c))
                return null;
            else
                word.Append(c);
        }

        if (quote != '\0')
            return null;
        if (word.Length > 0 || open)
            words.Add(word.ToString());
        return words.Count > 0 ? words : null;
    }
}
