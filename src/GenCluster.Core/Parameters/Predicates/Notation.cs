using System.Text;

namespace GenCluster.Core.Parameters.Predicates;

/// <summary>Names and values as the text of a predicate has them.</summary>
internal static class Notation
{
    public static string Name(string path)
    {
        bool isPlain = path.Length > 0 && Lexer.IsNameStart(path[0]) && path.All(Lexer.IsNamePart) && !Lexer.IsWord(path);
        return isPlain ? path : Quote(path, '`');
    }

    public static string Value(ParameterValue value) => value.Kind is ParameterKind.Text ? Quote(value.AsText(), '\'') : value.ToString();

    /// <summary>A text without faults, with values in place of names.</summary>
    public static string Replace(string text, Func<string, ParameterValue?> known)
    {
        StringBuilder replaced = new();
        int copied = 0;
        foreach (var token in Lexer.Read(text))
        {
            bool isCalled = Parser.Functions.Contains(token.Text) && IsBeforeParenthesis(text, token.Start + token.Length);
            if (token.Kind is not TokenKind.Name || isCalled || known(token.Text) is not { } value)
                continue;
            replaced.Append(text, copied, token.Start - copied).Append(Operand(value));
            copied = token.Start + token.Length;
        }

        return replaced.Append(text, copied, text.Length - copied).ToString();
    }

    // In parentheses, -2 is still one operand: (-2) ** 2.
    private static string Operand(ParameterValue value) => Value(value) is var written && written[0] == '-' ? $"({written})" : written;

    private static bool IsBeforeParenthesis(string text, int at) => text.AsSpan(at).TrimStart() is ['(', ..];

    private static string Quote(string text, char quote) => $"{quote}{text.Replace($"{quote}", $"{quote}{quote}", StringComparison.Ordinal)}{quote}";
}
