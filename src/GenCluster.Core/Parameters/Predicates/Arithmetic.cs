namespace GenCluster.Core.Parameters.Predicates;

/// <summary>Operations on values. Integers stay exact as long as the result fits; null is what cannot be computed.</summary>
internal static class Arithmetic
{
    public static bool IsNumber(ParameterValue value) => value.Kind is ParameterKind.Number or ParameterKind.Integer;

    /// <summary>Whether two values are the same, 3 and 3.0 too; null when their types differ.</summary>
    public static bool? AreEqual(ParameterValue a, ParameterValue b)
    {
        if (a.Kind == b.Kind)
            return a.Kind is ParameterKind.Number ? a.Number == b.Number : a == b;
        return IsNumber(a) && IsNumber(b) ? a.AsNumber() == b.AsNumber() : null;
    }

    public static bool? Compare(string symbol, ParameterValue a, ParameterValue b)
    {
        if (!IsNumber(a) || !IsNumber(b))
            return null;
        if (a.Kind is ParameterKind.Integer && b.Kind is ParameterKind.Integer)
            return Compare(symbol, a.Integer, b.Integer);
        return Compare(symbol, a.AsNumber(), b.AsNumber());
    }

    public static ParameterValue? Apply(string symbol, ParameterValue a, ParameterValue b)
    {
        if (!IsNumber(a) || !IsNumber(b))
            return null;
        if (a.Kind is ParameterKind.Integer && b.Kind is ParameterKind.Integer && Exact(symbol, a.Integer, b.Integer) is { } exact)
            return ParameterValue.Of(exact);

        var (x, y) = (a.AsNumber(), b.AsNumber());
        return Finite(symbol switch
        {
            "+" => x + y,
            "-" => x - y,
            "*" => x * y,
            "/" => x / y,
            "%" => Remainder(x, y),
            "**" => Math.Pow(x, y),
            _ => throw new ArgumentOutOfRangeException(nameof(symbol), symbol, "no operator"),
        });
    }

    public static ParameterValue? Apply(string function, ParameterValue value) => function switch
    {
        "abs" when value.Kind is ParameterKind.Integer && value.Integer != long.MinValue => ParameterValue.Of(Math.Abs(value.Integer)),
        "abs" => Finite(Math.Abs(value.AsNumber())),
        "log" => Finite(Math.Log(value.AsNumber())),
        _ => throw new ArgumentOutOfRangeException(nameof(function), function, "no function"),
    };

    private static bool Compare<T>(string symbol, T a, T b)
        where T : System.Numerics.IComparisonOperators<T, T, bool> => symbol switch
        {
            "<" => a < b,
            "<=" => a <= b,
            ">" => a > b,
            ">=" => a >= b,
            _ => throw new ArgumentOutOfRangeException(nameof(symbol), symbol, "no comparison"),
        };

    /// <summary>The result as an integer; null when it is none, or too large for one.</summary>
    private static long? Exact(string symbol, long a, long b)
    {
        Int128? result = symbol switch
        {
            "+" => (Int128)a + b,
            "-" => (Int128)a - b,
            "*" => (Int128)a * b,
            "%" when b != 0 => Remainder((Int128)a, b),
            "**" when b >= 0 => Power(a, b),
            _ => null,
        };
        return result is { } integer && integer >= long.MinValue && integer <= long.MaxValue ? (long)integer : null;
    }

    private static Int128? Power(long a, long b)
    {
        if (a is 0 or 1 or -1 && b > 0)
            b = 2 - b % 2; // gives the same
        Int128 power = 1;
        for (; b > 0 && power <= long.MaxValue && power >= long.MinValue; b--)
            power *= a;
        return b == 0 ? power : null;
    }

    // The sign is the divisor's: -1 % 4 is 3.
    private static Int128 Remainder(Int128 a, Int128 b) => a % b is var rest && rest != 0 && rest < 0 != b < 0 ? rest + b : rest;

    private static double Remainder(double a, double b) => a % b is var rest && rest != 0 && rest < 0 != b < 0 ? rest + b : rest;

    private static ParameterValue? Finite(double value) => double.IsFinite(value) ? ParameterValue.Of(value) : null;
}
