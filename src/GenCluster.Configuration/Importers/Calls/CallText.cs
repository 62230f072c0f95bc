using GenCluster.Configuration.Yaml;

namespace GenCluster.Configuration.Importers.Calls;

/// <summary>
/// Reads calls out of texts, with arguments that are words, numbers, quoted texts, lists, maps or calls again: Hydra's
/// overrides and the functions of Ray Tune. Nothing is computed.
/// </summary>
internal sealed class CallText(string text, Place place)
{
    private const int MaxDepth = 32;
    private const int MaxLength = 20_000;

    private int at;

    /// <summary>The call; null when the text is none.</summary>
    public static CallNode? Read(ScalarNode scalar)
    {
        var reader = new CallText(scalar.Text, scalar.Place);
        return scalar.Text.Length <= MaxLength && reader.Value(0) is CallNode call && reader.IsAtEnd ? call : null;
    }

    /// <summary>The values of a text like <c>1,2,adam</c>; null when it is one value.</summary>
    public static ListNode? ReadChoices(ScalarNode scalar)
    {
        var reader = new CallText(scalar.Text, scalar.Place);
        var list = new ListNode(scalar.Place);
        return scalar.Text.Length <= MaxLength && reader.Items(list, '\0', 0) && reader.IsAtEnd && list.Items.Count > 1 ? list : null;
    }

    private bool IsAtEnd
    {
        get
        {
            SkipSpace();
            return at == text.Length;
        }
    }

    private char Next => at < text.Length ? text[at] : '\0';

    private Node? Value(int depth)
    {
        SkipSpace();
        if (depth > MaxDepth)
            return null;
        switch (Next)
        {
            case '[' or '(':
                char close = text[at++] == '[' ? ']' : ')';
                var list = new ListNode(place);
                return Items(list, close, depth) ? list : null;
            case '{':
                at++;
                return Map(depth);
            case '\'' or '"':
                return Quoted();
            default:
                return WordOrCall(depth);
        }
    }

    private bool Items(ListNode list, char close, int depth)
    {
        for (SkipSpace(); Next != close; SkipSpace())
        {
            if (Value(depth + 1) is not { } item)
                return false;
            list.Items.Add(item);
            if (!TakeAfterSpace(',') && Next != close)
                return false;
        }

        return Take(close);
    }

    private MapNode? Map(int depth)
    {
        var map = new MapNode(place);
        for (SkipSpace(); Next != '}'; SkipSpace())
        {
            if (Value(depth + 1) is not ScalarNode key || !TakeAfterSpace(':') || Value(depth + 1) is not { } value)
                return null;
            map.Add(new MapNode.Entry(key, value));
            if (!TakeAfterSpace(',') && Next != '}')
                return null;
        }

        at++;
        return map;
    }

    private Node? WordOrCall(int depth)
    {
        int start = at;
        while (at < text.Length && !"()[]{},=:".Contains(text[at]))
            at++;
        string word = text[start..at].Trim();
        if (Next != '(')
            return word.Length == 0 ? null : new ScalarNode(place, word, isPlain: true);
        at++;
        var call = new CallNode(place, word);
        return Arguments(call, depth) ? call : null;
    }

    private bool Arguments(CallNode call, int depth)
    {
        for (SkipSpace(); Next != ')'; SkipSpace())
        {
            if (Value(depth + 1) is not { } value)
                return false;
            if (value is ScalarNode { IsPlain: true } name && TakeAfterSpace('='))
            {
                if (Value(depth + 1) is not { } named)
                    return false;
                call.Named[name.Text] = named;
            }
            else
                call.Arguments.Add(value);
            if (!TakeAfterSpace(',') && Next != ')')
                return false;
        }

        at++;
        return true;
    }

    private ScalarNode? Quoted()
    {
        char quote = text[at++];
        var word = new System.Text.StringBuilder();
        while (at < text.Length && text[at] != quote)
        {
            if (text[at] == '\\' && at + 1 < text.Length)
                at++;
            word.Append(text[at++]);
        }

        return Take(quote) ? new ScalarNode(place, word.ToString(), isPlain: false) : null;
    }

    private bool Take(char wanted)
    {
        if (wanted == '\0')
            return at == text.Length;
        if (Next != wanted)
            return false;
        at++;
        return true;
    }

    private bool TakeAfterSpace(char wanted)
    {
        SkipSpace();
        return Take(wanted);
    }

    private void SkipSpace()
    {
        while (at < text.Length && char.IsWhiteSpace(text[at]))
            at++;
    }
}
