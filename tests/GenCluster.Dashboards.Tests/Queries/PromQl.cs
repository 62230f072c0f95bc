namespace GenCluster.Dashboards.Tests.Queries;

/// <summary>A metric that an expression reads.</summary>
/// <param name="Labels">Those that it is picked by.</param>
/// <param name="Selector">The metric with its matchers, as PromQL.</param>
internal sealed record Selected(string Metric, IReadOnlyList<string> Labels, string Selector);

/// <summary>What an expression of PromQL names.</summary>
/// <param name="Metrics">In the order of the text.</param>
/// <param name="Groupings">Labels after <c>by</c>, <c>without</c>, <c>on</c>, <c>ignoring</c>, <c>group_left</c> and <c>group_right</c>.</param>
/// <param name="Made">Labels that <c>label_replace</c> and <c>label_join</c> write.</param>
/// <remarks>
/// Prometheus itself judges the syntax, in other tests. Here a name is a metric unless its place says otherwise: before a
/// parenthesis it is a function, after a clause's parenthesis it is a label, in braces it is a label.
/// </remarks>
internal sealed record PromQl(IReadOnlyList<Selected> Metrics, IReadOnlyList<string> Groupings, IReadOnlyList<string> Made)
{
    private static readonly string[] Clauses = ["by", "without", "on", "ignoring", "group_left", "group_right"];
    private static readonly string[] Operators = ["and", "or", "unless", "bool", "offset", "inf", "nan", "atan2", "start", "end"];

    public static PromQl Read(string expression)
    {
        var metrics = new List<Selected>();
        var groupings = new List<string>();
        var made = new List<string>();
        var tokens = Token.Split(expression);
        for (int at = 0; at < tokens.Count; at++)
        {
            var token = tokens[at];
            var next = at + 1 < tokens.Count ? tokens[at + 1] : null;
            if (token.Is("{"))
                throw new FormatException($"{expression}: a selector without the name of a metric");
            if (token.Kind is not TokenKind.Name)
                continue;

            string word = token.Text.ToLowerInvariant();
            if (Clauses.Contains(word))
                groupings.AddRange(next?.Is("(") == true ? NamesUpTo(")", tokens, ref at) : []);
            else if (word is "label_replace" or "label_join")
                made.Add(FirstTextAfter(at, tokens));
            else if (next?.Is("{") == true)
                metrics.Add(Select(tokens, ref at));
            else if (!Operators.Contains(word) && next?.Is("(") != true && !IsClauseOfAggregation(next, word))
                metrics.Add(new Selected(token.Text, [], token.Text));
        }

        return new PromQl(metrics, groupings, made);
    }

    /// <summary><c>sum by (x) (y)</c>: here sum stands before a word and not before a parenthesis.</summary>
    private static bool IsClauseOfAggregation(Token? next, string word) => next is { Kind: TokenKind.Name, Text: "by" or "without" } && word is not "by" and not "without";

    private static List<string> NamesUpTo(string end, List<Token> tokens, ref int at)
    {
        var names = new List<string>();
        for (at += 2; !tokens[at].Is(end); at++)
        {
            if (tokens[at].Kind is TokenKind.Name)
                names.Add(tokens[at].Text);
        }

        return names;
    }

    private static Selected Select(List<Token> tokens, ref int at)
    {
        int begin = at;
        var labels = NamesUpTo("}", tokens, ref at);
        return new Selected(tokens[begin].Text, labels, string.Concat(tokens.Skip(begin).Take(at - begin + 1).Select(token => token.Text)));
    }

    /// <summary>Of <c>label_replace(vector, "made", …)</c>: commas of inner calls do not count.</summary>
    private static string FirstTextAfter(int at, List<Token> tokens)
    {
        int depth = 0;
        for (int i = at + 1; i < tokens.Count; i++)
        {
            if (tokens[i].Is("(") || tokens[i].Is("{"))
                depth++;
            else if (tokens[i].Is(")") || tokens[i].Is("}"))
                depth--;
            else if (depth == 1 && tokens[i].Kind is TokenKind.Text && tokens[i - 1].Is(","))
                return tokens[i].Text[1..^1];
        }

        throw new FormatException("label_replace and label_join need the name of a label");
    }
}
