namespace GenCluster.Core.Parameters.Predicates;

/// <summary>What is known of a value before there is one.</summary>
internal enum Sort
{
    Any,
    Number,
    Text,
    Flag,
}

/// <summary>A part of a compiled predicate.</summary>
internal abstract class Expression(Sort sort)
{
    public Sort Sort { get; } = sort;

    /// <summary>Its value; null when a value that it needs is missing or does not fit.</summary>
    public abstract ParameterValue? Of(Func<string, ParameterValue?> valueOf);

    protected static ParameterValue? Flag(bool? value) => value is { } known ? ParameterValue.Of(known) : null;
}

internal sealed class Literal(ParameterValue value) : Expression(SortOf(value))
{
    public override ParameterValue? Of(Func<string, ParameterValue?> valueOf) => value;

    private static Sort SortOf(ParameterValue value) => value.Kind switch
    {
        ParameterKind.Text => Sort.Text,
        ParameterKind.Flag => Sort.Flag,
        _ => Sort.Number,
    };
}

internal sealed class Name(string path) : Expression(Sort.Any)
{
    public override ParameterValue? Of(Func<string, ParameterValue?> valueOf) => valueOf(path);
}

internal sealed class Not(Expression operand) : Expression(Sort.Flag)
{
    public override ParameterValue? Of(Func<string, ParameterValue?> valueOf) =>
        operand.Of(valueOf) is { Kind: ParameterKind.Flag } flag ? ParameterValue.Of(!flag.AsFlag()) : null;
}

/// <summary>Parts joined by <c>and</c>, which one false part decides, or by <c>or</c>, which one true part decides (Kleene's logic).</summary>
internal sealed class Junction(bool decisive, IReadOnlyList<Expression> parts) : Expression(Sort.Flag)
{
    public override ParameterValue? Of(Func<string, ParameterValue?> valueOf)
    {
        bool isKnown = true;
        foreach (var part in parts)
        {
            if (part.Of(valueOf) is not { Kind: ParameterKind.Flag } flag)
                isKnown = false;
            else if (flag.AsFlag() == decisive)
                return flag;
        }

        return isKnown ? ParameterValue.Of(!decisive) : null;
    }
}

internal sealed class Comparison(string symbol, Expression left, Expression right) : Expression(Sort.Flag)
{
    public override ParameterValue? Of(Func<string, ParameterValue?> valueOf)
    {
        if (left.Of(valueOf) is not { } a || right.Of(valueOf) is not { } b)
            return null;
        return Flag(symbol switch
        {
            "==" => Arithmetic.AreEqual(a, b),
            "!=" => !Arithmetic.AreEqual(a, b),
            _ => Arithmetic.Compare(symbol, a, b),
        });
    }
}

/// <summary>Whether a value is one of a list. An element of another type is just another value.</summary>
internal sealed class Membership(bool isIn, Expression value, IReadOnlyList<Expression> list) : Expression(Sort.Flag)
{
    public override ParameterValue? Of(Func<string, ParameterValue?> valueOf)
    {
        if (value.Of(valueOf) is not { } wanted)
            return null;
        bool isAnyMissing = false;
        bool isAnyOfItsType = false;
        foreach (var element in list)
        {
            if (element.Of(valueOf) is not { } candidate)
                isAnyMissing = true;
            else if (Arithmetic.AreEqual(wanted, candidate) is not { } isEqual)
                continue;
            else if (isEqual)
                return ParameterValue.Of(isIn);
            else
                isAnyOfItsType = true;
        }

        return isAnyOfItsType && !isAnyMissing ? ParameterValue.Of(!isIn) : null;
    }
}

/// <summary>Operations of equal strength, from left to right. In one node: a long sum is not a deep tree.</summary>
internal sealed class Chain(Expression first, IReadOnlyList<(string Symbol, Expression Operand)> rest) : Expression(Sort.Number)
{
    public override ParameterValue? Of(Func<string, ParameterValue?> valueOf)
    {
        var result = first.Of(valueOf);
        foreach (var (symbol, operand) in rest)
        {
            if (result is not { } left || operand.Of(valueOf) is not { } right)
                return null;
            result = Arithmetic.Apply(symbol, left, right);
        }

        return result;
    }
}

internal sealed class Call(string function, IReadOnlyList<Expression> arguments) : Expression(Sort.Number)
{
    public override ParameterValue? Of(Func<string, ParameterValue?> valueOf)
    {
        if (arguments[0].Of(valueOf) is not { } result || !Arithmetic.IsNumber(result))
            return null;
        if (function is "abs" or "log")
            return Arithmetic.Apply(function, result);

        string better = function == "min" ? "<" : ">";
        foreach (var argument in arguments.Skip(1))
        {
            if (argument.Of(valueOf) is not { } other || Arithmetic.Compare(better, other, result) is not { } isBetter)
                return null;
            result = isBetter ? other : result;
        }

        return result;
    }
}
