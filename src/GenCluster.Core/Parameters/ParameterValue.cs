using System.Globalization;
using MessagePack;

namespace GenCluster.Core.Parameters;

/// <summary>The type of a hyperparameter's value.</summary>
public enum ParameterKind
{
    Number = 0,
    Integer = 1,
    Text = 2,
    Flag = 3,
}

/// <summary>A typed hyperparameter value: a real number, an integer, a text or a flag. Never a string in disguise.</summary>
[MessagePackObject]
public readonly record struct ParameterValue
{
    [SerializationConstructor]
    public ParameterValue(ParameterKind kind, double number, long integer, string? text)
    {
        Kind = kind;
        Number = number;
        Integer = integer;
        Text = text;
    }

    [Key(0)] public ParameterKind Kind { get; }

    [Key(1)] public double Number { get; }

    [Key(2)] public long Integer { get; }

    [Key(3)] public string? Text { get; }

    public static ParameterValue Of(double value) => new(ParameterKind.Number, value, 0, null);

    public static ParameterValue Of(long value) => new(ParameterKind.Integer, 0, value, null);

    public static ParameterValue Of(string value) => new(ParameterKind.Text, 0, 0, value);

    public static ParameterValue Of(bool value) => new(ParameterKind.Flag, 0, value ? 1 : 0, null);

    /// <summary>The value as a real number; integers widen.</summary>
    /// <exception cref="InvalidOperationException">The value is a text or a flag.</exception>
    public double AsNumber() => Kind switch
    {
        ParameterKind.Number => Number,
        ParameterKind.Integer => Integer,
        _ => throw new InvalidOperationException($"'{this}' is a {Kind}, not a number"),
    };

    /// <summary>The value as an integer.</summary>
    /// <exception cref="InvalidOperationException">The value is not an integer.</exception>
    public long AsInteger() => Kind is ParameterKind.Integer ? Integer : throw new InvalidOperationException($"'{this}' is a {Kind}, not an integer");

    public string AsText() => Kind is ParameterKind.Text ? Text! : throw new InvalidOperationException($"'{this}' is a {Kind}, not a text");

    public bool AsFlag() => Kind is ParameterKind.Flag ? Integer != 0 : throw new InvalidOperationException($"'{this}' is a {Kind}, not a flag");

    /// <summary>The shortest text that reads back as the same value.</summary>
    public override string ToString() => Kind switch
    {
        ParameterKind.Number => Number.ToString("R", CultureInfo.InvariantCulture),
        ParameterKind.Integer => Integer.ToString(CultureInfo.InvariantCulture),
        ParameterKind.Flag => Integer != 0 ? "true" : "false",
        _ => Text ?? "",
    };
}
