using GenCluster.Core.Parameters.Predicates;
using MessagePack;

namespace GenCluster.Core.Parameters;

/// <summary>
/// A sentence about named values that holds or does not, e.g. <c>layers &gt;= 2 and loss == 'hinge'</c>: the condition of a
/// hyperparameter, or a constraint. The text is what is stored and compared; it is compiled once, when it is made.
/// </summary>
/// <remarks>
/// From weak to strong: <c>or</c>; <c>and</c>; <c>not</c>; <c>== != &lt; &lt;= &gt; &gt;= in, not in</c> (not chained);
/// <c>+ -</c>; <c>* / %</c>; unary <c>-</c>; <c>**</c> (from the right). Functions: <c>min max abs log</c>. Lists stand after
/// <c>in</c> only. Texts are in single or double quotes, and a quote in one is written twice. A name is a dotted path; one
/// with other characters, a hyphen say, is in backticks: <c>`num-layers` &gt; 2</c>. Integers are exact where the result is
/// an integer that fits; <c>/</c> gives a real number; <c>%</c> has the sign of the divisor.
/// </remarks>
[MessagePackObject]
public sealed record Predicate
{
    public const int MaxLength = 4_000;

    /// <summary>How deep parentheses, signs and calls may be nested.</summary>
    public const int MaxDepth = 64;

    private readonly Compiled compiled;

    [SerializationConstructor]
    public Predicate(string text)
    {
        Text = text ?? ""; // from the wire it may be null
        compiled = Parser.Compile(Text);
    }

    [Key(0)] public string Text { get; }

    /// <summary>Why the text is no such sentence, with the column (from 1) and what was expected; null when it is one.</summary>
    [IgnoreMember]
    public string? Fault => compiled.Fault;

    /// <summary>The names that it asks for, each once, as they come; none when it has a <see cref="Fault"/>.</summary>
    [IgnoreMember]
    public IReadOnlyList<string> Names => compiled.Names;

    /// <summary>That the name has one of the values.</summary>
    /// <exception cref="ArgumentException">There is no value.</exception>
    public static Predicate Is(string path, params ReadOnlySpan<ParameterValue> values) => values.Length switch
    {
        0 => throw new ArgumentException($"no value for '{path}' to have", nameof(values)),
        1 => new Predicate($"{Notation.Name(path)} == {Notation.Value(values[0])}"),
        _ => new Predicate($"{Notation.Name(path)} in [{string.Join(", ", values.ToArray().Select(Notation.Value))}]"),
    };

    /// <summary>That all hold.</summary>
    public static Predicate All(params ReadOnlySpan<Predicate> predicates) => predicates.Length == 1
        ? predicates[0]
        : new Predicate(string.Join(" and ", predicates.ToArray().Select(p => $"({p.Text})")));

    /// <summary>
    /// Whether it holds; null when that depends on a value that is missing, of a type that does not fit, or that cannot be
    /// computed, e.g. a division by zero. <c>false and …</c> is false and <c>true or …</c> is true whatever the rest is.
    /// </summary>
    public bool? Holds(Func<string, ParameterValue?> valueOf) =>
        compiled.Root?.Of(valueOf) is { Kind: ParameterKind.Flag } flag ? flag.AsFlag() : null;

    /// <summary>The same sentence with known values in place of their names.</summary>
    /// <param name="known">The value of a name; null leaves the name.</param>
    public Predicate With(Func<string, ParameterValue?> known) => Fault is null ? new Predicate(Notation.Replace(Text, known)) : this;

    public bool Equals(Predicate? other) => other is not null && Text == other.Text;

    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => Text;
}
