using System.Text;
using GenCluster.Configuration.Yaml;
using GenCluster.Core.Parameters;

namespace GenCluster.Configuration.Importers;

/// <summary>How Python prints a list or a map: <c>[1, 'a', True]</c>, <c>{'a': None}</c>.</summary>
internal static class PythonText
{
    // Beyond what anybody accepts as a value; an alias may make a small file print long.
    private const int Longest = 8192;

    public static string Of(Node node)
    {
        var text = new StringBuilder();
        Write(node, text);
        return text.ToString();
    }

    private static void Write(Node node, StringBuilder text)
    {
        if (text.Length > Longest)
            return;
        switch (node)
        {
            case ListNode list:
                WriteAll('[', list.Items, (item, t) => Write(item, t), ']', text);
                break;
            case MapNode map:
                WriteAll('{', map.Entries, (e, t) => { Write(e.Key, t); t.Append(": "); Write(e.Value, t); }, '}', text);
                break;
            case ScalarNode scalar:
                text.Append(OfScalar(scalar));
                break;
        }
    }

    private static void WriteAll<T>(char open, List<T> items, Action<T, StringBuilder> write, char close, StringBuilder text)
    {
        text.Append(open);
        for (int i = 0; i < items.Count && text.Length <= Longest; i++)
        {
            text.Append(i > 0 ? ", " : "");
            write(items[i], text);
        }

        text.Append(close);
    }

    private static string OfScalar(ScalarNode scalar) => Yaml11.Resolve(scalar) switch
    {
        null => "None",
        { Kind: ParameterKind.Flag } flag => flag.AsFlag() ? "True" : "False",
        { Kind: ParameterKind.Text, Text: { } text } => $"'{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}'",
        { } number => number.ToString(),
    };
}
