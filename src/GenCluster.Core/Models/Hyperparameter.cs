using GenCluster.Core.Parameters;

namespace GenCluster.Core.Models;

/// <summary>
/// A hyperparameter that a model declares: its dotted path in a sweep file, its default and what it may be.
/// </summary>
/// <param name="Path">The dotted path, e.g. <c>optimizer.generator.learningRate</c>.</param>
/// <param name="Default">The value when a file says nothing; it also fixes the type.</param>
/// <param name="Min">The smallest number allowed, or null.</param>
/// <param name="Max">The largest number allowed, or null.</param>
/// <param name="Choices">The texts allowed, or null when any is.</param>
/// <param name="Meaning">One sentence for people.</param>
public sealed record Hyperparameter(
    string Path, ParameterValue Default, double? Min, double? Max, IReadOnlyList<string>? Choices, string Meaning)
{
    /// <summary>Whether networks of two values have tensors of different shapes, so that the weights of one do not fit the other.</summary>
    public bool ShapesNetworks { get; init; }

    public static Hyperparameter Number(string path, double @default, double min, double max, string meaning) =>
        new(path, ParameterValue.Of(@default), min, max, null, meaning);

    public static Hyperparameter Integer(string path, long @default, long min, long max, string meaning) =>
        new(path, ParameterValue.Of(@default), min, max, null, meaning);

    public static Hyperparameter Choice(string path, string meaning, params string[] choices) =>
        new(path, ParameterValue.Of(choices[0]), null, null, choices, meaning);

    /// <summary>
    /// The value in this hyperparameter's type (an integer is fine where a real number is wanted), or null when the
    /// type does not fit.
    /// </summary>
    public ParameterValue? Coerce(ParameterValue value) => (Default.Kind, value.Kind) switch
    {
        (ParameterKind.Number, ParameterKind.Integer) => ParameterValue.Of((double)value.Integer),
        var (wanted, given) when wanted == given => value,
        _ => null,
    };

    /// <summary>Whether a value of the right type is in range.</summary>
    public bool Allows(ParameterValue value) => value.Kind switch
    {
        ParameterKind.Number or ParameterKind.Integer => value.AsNumber() is var n && double.IsFinite(n) && n >= (Min ?? n) && n <= (Max ?? n),
        ParameterKind.Text => Choices is null || Choices.Contains(value.Text),
        _ => true,
    };

    /// <summary>What is allowed, in words: <c>a number from 0 to 1</c>.</summary>
    public string DescribeAllowed() => Default.Kind switch
    {
        ParameterKind.Number => $"a number{DescribeRange()}",
        ParameterKind.Integer => $"an integer{DescribeRange()}",
        ParameterKind.Text when Choices is not null => $"one of {string.Join(", ", Choices)}",
        ParameterKind.Flag => "true or false",
        _ => "a text",
    };

    private string DescribeRange() => (Min, Max) switch
    {
        ({ } min, { } max) => $" from {ParameterValue.Of(min)} to {ParameterValue.Of(max)}",
        ({ } min, null) => $" of at least {ParameterValue.Of(min)}",
        (null, { } max) => $" of at most {ParameterValue.Of(max)}",
        _ => "",
    };
}
