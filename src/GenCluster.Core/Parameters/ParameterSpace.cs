using MessagePack;

namespace GenCluster.Core.Parameters;

/// <summary>A hyperparameter that the search may choose.</summary>
[MessagePackObject]
public sealed record Parameter([property: Key(0)] string Path, [property: Key(1)] Distribution Distribution);

/// <summary>The hyperparameters of a search, sorted by path (ordinal), so that the order in a file never matters.</summary>
[MessagePackObject]
public sealed class ParameterSpace : IEquatable<ParameterSpace>
{
    public static readonly ParameterSpace Empty = new([]);

    [SerializationConstructor]
    public ParameterSpace(Parameter[] parameters)
    {
        Parameters = [.. parameters.OrderBy(p => p.Path, StringComparer.Ordinal)];
    }

    [Key(0)] public Parameter[] Parameters { get; }

    public bool Contains(Assignment assignment) =>
        assignment.Settings.Length == Parameters.Length
        && Parameters.All(p => assignment.Find(p.Path) is { } value && p.Distribution.Contains(value));

    public bool Equals(ParameterSpace? other) => other is not null && Parameters.AsSpan().SequenceEqual(other.Parameters);

    public override bool Equals(object? obj) => Equals(obj as ParameterSpace);

    public override int GetHashCode() => Parameters.Aggregate(Parameters.Length, HashCode.Combine);
}
