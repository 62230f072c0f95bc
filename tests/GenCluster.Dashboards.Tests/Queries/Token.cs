using System.Text.RegularExpressions;

namespace GenCluster.Dashboards.Tests.Queries;

internal enum TokenKind
{
    /// <summary>A name: of a metric, a label, a function or an operator in letters.</summary>
    Name,
    Text,
    Number,

    /// <summary>What is between square brackets: a span of time.</summary>
    Range,
    Sign,
}

/// <summary>A word of PromQL.</summary>
internal sealed partial record Token(TokenKind Kind, string Text)
{
    public bool Is(string sign) => Kind is TokenKind.Sign && Text == sign;

    /// <exception cref="FormatException">Something that PromQL does not have.</exception>
    public static List<Token> Split(string expression)
    {
        var tokens = new List<Token>();
        int at = 0;
        while (at < expression.Length)
        {
            var match = Word().Match(expression, at);
            if (!match.Success)
                throw new FormatException($"{expression}: '{expression[at]}' at {at} is nothing that PromQL has");
            at += match.Length;
            if (match.Groups.Cast<Group>().Skip(1).FirstOrDefault(group => group.Success && group.Name is not "skip") is { } word)
                tokens.Add(new Token(Enum.Parse<TokenKind>(word.Name, ignoreCase: true), word.Value));
        }

        return tokens;
    }

    [GeneratedRegex("""
        \G(?:
          (?<skip>\s+|\#[^\n]*)
        | (?<text>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`[^`]*`)
        | (?<range>\[[^\]]*\])
        | (?<number>0x[0-9a-fA-F]+|(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?(?:ms|[smhdwy](?:\d+(?:ms|[smhdwy]))*)?)
        | (?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)
        | (?<sign>=~|!~|!=|==|<=|>=|[-+*/%^(){},=<>@])
        )
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Word();
}
