using GenCluster.Configuration.Yaml;

namespace GenCluster.Configuration.Importers.Calls;

/// <summary>Typed arguments of a call. What is missing or of the wrong type is reported, and then null.</summary>
internal sealed class CallArguments(CallNode call, Draws draws)
{
    public double? Number(int position, params IReadOnlyList<string> names)
    {
        if (call.Argument(position, names) is not { } node)
            return Missing(names);
        if (NumberOf(node) is { } number)
            return number;
        draws.Wrong($"{call.Name}: got {node.Describe()} for {names[0]}; write a number");
        return null;
    }

    public double? NumberOr(double otherwise, int position, params IReadOnlyList<string> names) =>
        call.Argument(position, names) is null ? otherwise : Number(position, names);

    public long? Integer(int position, params IReadOnlyList<string> names)
    {
        if (Number(position, names) is not { } number)
            return null;
        if (double.IsInteger(number) && Math.Abs(number) < 1e18)
            return (long)number;
        draws.Wrong($"{call.Name}: got {Draws.Number(number)} for {names[0]}; write a whole number");
        return null;
    }

    public static double? NumberOf(Node node) => node is not ScalarNode scalar ? null : Yaml11.NumberOf(scalar.Text) ?? Yaml11.IntegerOf(scalar.Text);

    private double? Missing(IReadOnlyList<string> names)
    {
        draws.Wrong($"{call.Name} needs {names[0]}; write it");
        return null;
    }
}
