namespace GenCluster.Core.Parameters.Predicates;

/// <summary>A predicate's tree, or why there is none.</summary>
internal sealed record Compiled(Expression? Root, string? Fault, IReadOnlyList<string> Names);

/// <summary>
/// Tokens to a tree, by recursive descent: one method for each strength of operators, the weakest first. After the first
/// fault all that follows reads as the end, so that every method returns.
/// </summary>
internal sealed class Parser
{
    public static readonly string[] Functions = ["min", "max", "abs", "log"];

    private static readonly string[] Comparisons = ["==", "!=", "<", "<=", ">", ">="];
    private static readonly Expression Nothing = new Literal(ParameterValue.Of(false));

    private readonly List<Token> tokens;
    private readonly List<string> names = [];
    private string? fault;
    private int next;
    private int depth;

    private Parser(List<Token> tokens)
    {
        this.tokens = tokens;
    }

    private Token Current => fault is null ? tokens[next] : new Token(TokenKind.End, "", 0, 0);

    public static Compiled Compile(string text)
    {
        if (text.Length > Predicate.MaxLength)
            return new Compiled(null, $"column {Predicate.MaxLength + 1}: expected at most {Predicate.MaxLength} characters, got {text.Length}", []);
        return new Parser(Lexer.Read(text)).Whole();
    }

    private Compiled Whole()
    {
        var root = Wanted(Sort.Flag, Disjunction);
        if (fault is null && Current.Kind is not TokenKind.End)
            Fail(Comparisons.Contains(Current.Text) ? "expected 'and' between two comparisons" : "expected an operator or the end");
        return fault is null ? new Compiled(root, null, names) : new Compiled(null, fault, []);
    }

    private Expression Disjunction() => Junction("or", decisive: true, Conjunction);

    private Expression Conjunction() => Junction("and", decisive: false, Negation);

    private Expression Junction(string word, bool decisive, Func<Expression> part)
    {
        int start = next;
        var first = part();
        if (!Current.Is(word))
            return first;
        Require(Sort.Flag, first, start);
        List<Expression> parts = [first];
        while (Take(word))
            parts.Add(Wanted(Sort.Flag, part));
        return new Junction(decisive, parts);
    }

    private Expression Negation() => Take("not") ? new Not(Wanted(Sort.Flag, () => Deeper(Negation))) : Relation();

    private Expression Relation()
    {
        int start = next;
        var left = Sum();
        bool isNot = Current.Is("not") && next + 1 < tokens.Count && tokens[next + 1].Is("in") && Take("not");
        if (Take("in"))
            return new Membership(!isNot, left, List());
        if (Current.Kind is not TokenKind.Symbol || Comparisons.FirstOrDefault(Take) is not { } symbol)
            return left;

        bool isOrder = symbol is not ("==" or "!=");
        if (isOrder)
            Require(Sort.Number, left, start);
        return new Comparison(symbol, left, Wanted(isOrder ? Sort.Number : left.Sort, Sum));
    }

    private List<Expression> List()
    {
        Expect("[");
        var list = Separated(Sum);
        Expect("]");
        return list;
    }

    private Expression Sum() => Chain(Product, "+", "-");

    private Expression Product() => Chain(Signed, "*", "/", "%");

    private Expression Chain(Func<Expression> operand, params string[] symbols)
    {
        int start = next;
        var first = operand();
        if (!Array.Exists(symbols, Current.Is))
            return first;
        Require(Sort.Number, first, start);
        List<(string, Expression)> rest = [];
        while (Array.Find(symbols, Take) is { } symbol)
            rest.Add((symbol, Wanted(Sort.Number, operand)));
        return new Chain(first, rest);
    }

    private Expression Signed() => Take("-")
        ? new Chain(new Literal(ParameterValue.Of(0L)), [("-", Wanted(Sort.Number, () => Deeper(Signed)))])
        : Power();

    private Expression Power()
    {
        int start = next;
        var left = Primary();
        if (!Take("**"))
            return left;
        Require(Sort.Number, left, start);
        return new Chain(left, [("**", Wanted(Sort.Number, () => Deeper(Signed)))]);
    }

    private Expression Primary()
    {
        var token = Current;
        switch (token.Kind)
        {
            case TokenKind.Literal:
                next++;
                return new Literal(token.Value!.Value);
            case TokenKind.Name when tokens[next + 1].Is("("):
                next++;
                return CallOf(token);
            case TokenKind.Name:
                next++;
                if (!names.Contains(token.Text))
                    names.Add(token.Text);
                return new Name(token.Text);
            case TokenKind.Symbol when Take("("):
                var inner = Deeper(Disjunction);
                Expect(")");
                return inner;
            default:
                return Fail("expected a name or a value");
        }
    }

    private Expression CallOf(Token function)
    {
        if (!Functions.Contains(function.Text))
            return Fail($"expected one of the functions {string.Join(", ", Functions)}", function);
        Expect("(");
        var arguments = Separated(() => Wanted(Sort.Number, () => Deeper(Sum)));
        if (function.Text is "abs" or "log" && arguments.Count > 1)
            Fail($"expected one argument of {function.Text}, got {arguments.Count}", function);
        Expect(")");
        return new Call(function.Text, arguments);
    }

    private List<Expression> Separated(Func<Expression> part)
    {
        List<Expression> parts = [part()];
        while (Take(","))
            parts.Add(part());
        return parts;
    }

    /// <summary>Goes one level down; the number of levels is bounded, because each is a part of the stack.</summary>
    private Expression Deeper(Func<Expression> part)
    {
        if (depth == Predicate.MaxDepth)
            return Fail($"expected at most {Predicate.MaxDepth} levels of nesting");
        depth++;
        var result = part();
        depth--;
        return result;
    }

    private Expression Wanted(Sort sort, Func<Expression> part)
    {
        int start = next;
        return Require(sort, part(), start);
    }

    private Expression Require(Sort wanted, Expression part, int start)
    {
        if (wanted is Sort.Any || part.Sort is Sort.Any || part.Sort == wanted || fault is not null)
            return part;
        return Fail($"expected {Shown(wanted)}, got {Shown(part.Sort)}", tokens[start]);
    }

    private bool Take(string wordOrSymbol)
    {
        if (!Current.Is(wordOrSymbol))
            return false;
        next++;
        return true;
    }

    private void Expect(string symbol)
    {
        if (!Take(symbol))
            Fail($"expected '{symbol}'");
    }

    private Expression Fail(string expected) =>
        Fail(Current.Kind is TokenKind.Bad ? Current.Text : $"{expected}, got {Current.Shown}", Current);

    private Expression Fail(string message, Token at)
    {
        fault ??= $"column {at.Start + 1}: {message}";
        return Nothing;
    }

    private static string Shown(Sort sort) => sort switch
    {
        Sort.Number => "a number",
        Sort.Text => "a text",
        Sort.Flag => "a condition",
        _ => "a value",
    };
}
