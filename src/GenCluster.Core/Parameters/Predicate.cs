using MessagePack;

namespace GenCluster.Core.Parameters;

/// <summary>
/// A sentence about named values that holds or does not, e.g. <c>layers &gt;= 2 and loss == 'hinge'</c>: the condition of a
/// hyperparameter, or a constraint. The text is what is stored; it is compiled once.
/// </summary>
[MessagePackObject]
public sealed record Predicate([property: Key(0)] string Text)
{
    /// <summary>Why the text is no such sentence, with the column; null when it is one.</summary>
    [IgnoreMember]
    public string? Fault => null;

    /// <summary>The names that it asks for; none when it has a <see cref="Fault"/>.</summary>
    [IgnoreMember]
    public IReadOnlyList<string> Names => [];

    /// <summary>Whether it holds; null when a value that it needs is missing or of a type that does not fit.</summary>
    public bool? Holds(Func<string, ParameterValue?> valueOf) => null;

    public override string ToString() => Text;
}
