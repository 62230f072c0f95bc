using System.Globalization;

namespace GenCluster.Core.Parameters.Predicates;

/// <summary>Text to tokens. The last one is the end, or what is no token.</summary>
internal static class Lexer
{
    private static readonly string[] Words = ["and", "or", "not", "in"];

    // Longer ones first.
    private static readonly string[] Symbols = ["**", "==", "!=", "<=", ">=", "<", ">", "+", "-", "*", "/", "%", "(", ")", "[", "]", ","];

    private static readonly (string Written, string Meant)[] OtherLanguages =
        [("&&", "and"), ("&", "and"), ("||", "or"), ("|", "or"), ("!", "not"), ("=", "=="), ("^", "**")];

    public static List<Token> Read(string text)
    {
        List<Token> tokens = [];
        for (int at = SkipSpace(text, 0); ; at = SkipSpace(text, at + tokens[^1].Length))
        {
            tokens.Add(Next(text, at));
            if (tokens[^1].Kind is TokenKind.End or TokenKind.Bad)
                return tokens;
        }
    }

    public static bool IsWord(string text) => Words.Contains(text) || text is "true" or "false";

    public static bool IsNameStart(char c) => char.IsAsciiLetter(c) || c == '_';

    public static bool IsNamePart(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '.';

    private static Token Next(string text, int at)
    {
        if (at == text.Length)
            return new Token(TokenKind.End, "", at, 0);
        char first = text[at];
        if (first is '\'' or '"' or '`')
            return Quoted(text, at);
        if (IsNameStart(first))
            return Name(text, at);
        if (char.IsAsciiDigit(first) || (first == '.' && at + 1 < text.Length && char.IsAsciiDigit(text[at + 1])))
            return Number(text, at);
        if (Symbols.FirstOrDefault(s => string.CompareOrdinal(text, at, s, 0, s.Length) == 0) is { } symbol)
            return new Token(TokenKind.Symbol, symbol, at, symbol.Length);
        return Unknown(text, at);
    }

    private static Token Quoted(string text, int at)
    {
        char quote = text[at];
        for (int end = text.IndexOf(quote, at + 1); end >= 0; end = text.IndexOf(quote, end + 2))
        {
            bool isTwice = end + 1 < text.Length && text[end + 1] == quote;
            if (!isTwice)
                return Quoted(quote, text[(at + 1)..end].Replace($"{quote}{quote}", $"{quote}", StringComparison.Ordinal), at, end + 1 - at);
            if (end + 2 >= text.Length)
                break;
        }

        return new Token(TokenKind.Bad, $"expected a closing {quote} for what begins here", at, text.Length - at);
    }

    private static Token Quoted(char quote, string content, int at, int length)
    {
        if (quote != '`')
            return new Token(TokenKind.Literal, content, at, length, ParameterValue.Of(content));
        return content.Length > 0
            ? new Token(TokenKind.Name, content, at, length)
            : new Token(TokenKind.Bad, "expected a name between the backticks", at, length);
    }

    private static Token Name(string text, int at)
    {
        string name = text[at..EndOf(text, at, IsNamePart)];
        if (name is "true" or "false")
            return new Token(TokenKind.Literal, name, at, name.Length, ParameterValue.Of(name == "true"));
        return new Token(Words.Contains(name) ? TokenKind.Word : TokenKind.Name, name, at, name.Length);
    }

    private static Token Number(string text, int at)
    {
        int end = EndOf(text, at, c => IsNamePart(c));
        if (end < text.Length && text[end] is '+' or '-' && text[end - 1] is 'e' or 'E' && end - 1 > at)
            end = EndOf(text, end + 1, char.IsAsciiDigit);
        string number = text[at..end];
        if (number.All(char.IsAsciiDigit) && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out long integer))
            return new Token(TokenKind.Literal, number, at, number.Length, ParameterValue.Of(integer));
        const NumberStyles Style = NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        return double.TryParse(number, Style, CultureInfo.InvariantCulture, out double real) && double.IsFinite(real)
            ? new Token(TokenKind.Literal, number, at, number.Length, ParameterValue.Of(real))
            : new Token(TokenKind.Bad, $"expected a number, got '{number}'", at, number.Length);
    }

    private static Token Unknown(string text, int at)
    {
        foreach (var (written, meant) in OtherLanguages)
        {
            if (string.CompareOrdinal(text, at, written, 0, written.Length) == 0)
                return new Token(TokenKind.Bad, $"expected '{meant}', got '{written}'", at, written.Length);
        }

        char c = text[at];
        string shown = char.IsControl(c) || char.IsSurrogate(c) ? string.Create(CultureInfo.InvariantCulture, $"U+{(int)c:X4}") : $"'{c}'";
        return new Token(TokenKind.Bad, $"expected a name, a value or an operator, got {shown}", at, 1);
    }

    private static int SkipSpace(string text, int at) => EndOf(text, at, char.IsWhiteSpace);

    private static int EndOf(string text, int at, Func<char, bool> belongs)
    {
        while (at < text.Length && belongs(text[at]))
            at++;
        return at;
    }
}
