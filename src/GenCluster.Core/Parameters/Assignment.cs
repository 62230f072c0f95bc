using System.Collections.Immutable;
using MessagePack;

namespace GenCluster.Core.Parameters;

/// <summary>One hyperparameter, by its dotted path, and its value.</summary>
[MessagePackObject]
public readonly record struct Setting([property: Key(0)] string Path, [property: Key(1)] ParameterValue Value)
{
    public override string ToString() => $"{Path}={Value}";
}

/// <summary>Values for a set of hyperparameters, sorted by path (ordinal) and compared by value.</summary>
[MessagePackObject]
public sealed class Assignment : IEquatable<Assignment>
{
    public static readonly Assignment Empty = new([]);

    [SerializationConstructor]
    public Assignment(Setting[] settings)
    {
        Settings = [.. settings.OrderBy(s => s.Path, StringComparer.Ordinal)];
    }

    [Key(0)] public Setting[] Settings { get; }

    /// <summary>The value at <paramref name="path"/>.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    [IgnoreMember]
    public ParameterValue this[string path] =>
        Find(path) ?? throw new KeyNotFoundException($"no value is set for '{path}'; set are: {string.Join(", ", Settings.Select(s => s.Path))}");

    public ParameterValue? Find(string path)
    {
        foreach (var setting in Settings)
        {
            if (setting.Path == path)
                return setting.Value;
        }

        return null;
    }

    /// <summary>This assignment with the other's values added; where both have one, the other's wins.</summary>
    public Assignment With(Assignment other)
    {
        var merged = Settings.ToImmutableDictionary(s => s.Path).SetItems(other.Settings.Select(s => KeyValuePair.Create(s.Path, s)));
        return new Assignment([.. merged.Values]);
    }

    public bool Equals(Assignment? other) => other is not null && Settings.AsSpan().SequenceEqual(other.Settings);

    public override bool Equals(object? obj) => Equals(obj as Assignment);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var setting in Settings)
            hash.Add(setting);
        return hash.ToHashCode();
    }

    public override string ToString() => string.Join(' ', Settings);
}
