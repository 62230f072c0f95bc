using MessagePack;

namespace GenCluster.Core.Parameters;

/// <summary>A hyperparameter that the search may choose.</summary>
/// <param name="When">The trials that have it, by the values of other hyperparameters; null: all.</param>
[MessagePackObject]
public sealed record Parameter([property: Key(0)] string Path, [property: Key(1)] Distribution Distribution, [property: Key(2)] Predicate? When = null);

/// <summary>
/// The hyperparameters of a search, sorted by path (ordinal), so that the order in a file never matters, and what must hold
/// between their values.
/// </summary>
[MessagePackObject]
public sealed class ParameterSpace : IEquatable<ParameterSpace>
{
    public static readonly ParameterSpace Empty = new([]);

    /// <exception cref="ArgumentException">Hyperparameters depend on each other in a circle.</exception>
    [SerializationConstructor]
    public ParameterSpace(Parameter[] parameters, Predicate[]? constraints = null)
    {
        Parameters = [.. parameters.OrderBy(p => p.Path, StringComparer.Ordinal)];
        Constraints = constraints ?? [];
        InOrder = DependenciesFirst();
    }

    [Key(0)] public Parameter[] Parameters { get; }

    /// <summary>What must hold of every assignment; one about a hyperparameter that a trial does not have holds.</summary>
    [Key(1)] public Predicate[] Constraints { get; }

    /// <summary>The hyperparameters so that each comes after those that its condition asks for.</summary>
    [IgnoreMember] public IReadOnlyList<Parameter> InOrder { get; }

    /// <summary>Whether there are conditions, so that trials differ in which hyperparameters they have.</summary>
    [IgnoreMember] public bool IsConditional => Array.Exists(Parameters, p => p.When is not null);

    /// <summary>Whether the hyperparameter is one of a trial with these values.</summary>
    public static bool IsActive(Parameter parameter, Assignment assignment) => parameter.When is null || parameter.When.Holds(assignment.Find) is true;

    /// <summary>The assignment at a point of the unit cube. Only hyperparameters whose condition holds are in it.</summary>
    /// <param name="position">A number in [0, 1) for each hyperparameter that is asked for.</param>
    public Assignment At(Func<Parameter, double> position) => Choose(parameter => parameter.Distribution.Quantile(position(parameter)));

    /// <summary>The assignment with chosen values; those that a condition asks for are chosen before. Only hyperparameters whose condition holds are in it.</summary>
    public Assignment Choose(Func<Parameter, ParameterValue> choice)
    {
        Dictionary<string, ParameterValue> values = new(Parameters.Length, StringComparer.Ordinal);
        foreach (var parameter in InOrder)
        {
            if (parameter.When is null || parameter.When.Holds(path => values.TryGetValue(path, out var value) ? value : null) is true)
                values.Add(parameter.Path, choice(parameter));
        }

        return new Assignment([.. values.Select(v => new Setting(v.Key, v.Value))]);
    }

    /// <summary>Whether all constraints hold.</summary>
    public bool Admits(Assignment assignment) => Array.TrueForAll(Constraints, c => c.Holds(assignment.Find) is not false);

    /// <summary>Whether a trial may have these values: all that it needs, none that it does not, and constraints hold.</summary>
    public bool Contains(Assignment assignment)
    {
        int active = 0;
        foreach (var parameter in Parameters)
        {
            if (!IsActive(parameter, assignment))
                continue;
            active++;
            if (assignment.Find(parameter.Path) is not { } value || !parameter.Distribution.Contains(value))
                return false;
        }

        return assignment.Settings.Length == active && Admits(assignment);
    }

    public bool Equals(ParameterSpace? other) =>
        other is not null && Parameters.AsSpan().SequenceEqual(other.Parameters) && Constraints.AsSpan().SequenceEqual(other.Constraints);

    public override bool Equals(object? obj) => Equals(obj as ParameterSpace);

    public override int GetHashCode() => Parameters.Aggregate(Parameters.Length, HashCode.Combine);

    private List<Parameter> DependenciesFirst()
    {
        List<Parameter> ordered = new(Parameters.Length);
        HashSet<string> placed = new(StringComparer.Ordinal);
        var paths = Parameters.Select(p => p.Path).ToHashSet(StringComparer.Ordinal);
        List<Parameter> rest = [.. Parameters];
        while (rest.Count > 0)
        {
            var next = rest.FirstOrDefault(p => p.When?.Names.All(n => placed.Contains(n) || !paths.Contains(n)) is not false)
                ?? throw new ArgumentException($"conditions go round in a circle: {string.Join(", ", rest.Select(p => p.Path))}");
            rest.Remove(next);
            placed.Add(next.Path);
            ordered.Add(next);
        }

        return ordered;
    }
}
