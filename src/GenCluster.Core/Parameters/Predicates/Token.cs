namespace GenCluster.Core.Parameters.Predicates;

internal enum TokenKind
{
    End,
    Literal,
    Name,
    Word,
    Symbol,

    /// <summary>What is no token; its text says why.</summary>
    Bad,
}

/// <summary>The smallest part of a predicate.</summary>
/// <param name="Text">What it is: a name without its backticks, a word, a symbol.</param>
/// <param name="Start">The index of its first character.</param>
/// <param name="Length">So many characters in all, quotes included.</param>
/// <param name="Value">Of a literal.</param>
internal readonly record struct Token(TokenKind Kind, string Text, int Start, int Length, ParameterValue? Value = null)
{
    public bool Is(string wordOrSymbol) => Kind is TokenKind.Word or TokenKind.Symbol && Text == wordOrSymbol;

    /// <summary>The token in a message.</summary>
    public string Shown => Kind switch
    {
        TokenKind.End => "the end",
        TokenKind.Literal when Value is { Kind: ParameterKind.Text } => $"the text '{Text}'",
        TokenKind.Name => $"the name '{Text}'",
        _ => $"'{Text}'",
    };
}
