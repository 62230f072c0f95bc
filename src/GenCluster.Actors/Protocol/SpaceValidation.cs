using GenCluster.Core.Parameters;
using GenCluster.Core.Search;

namespace GenCluster.Actors.Protocol;

/// <summary>What values, distributions and conditions of a submitted sweep must hold so that nothing in them can break an actor.</summary>
internal static class SpaceValidation
{
    public const int MaxText = 4_096;

    private const int MaxNameLength = 128;
    private const int MaxParameters = 1_024;
    private const int MaxConstraints = 256;

    public static string? FaultOfSpace(ParameterSpace space)
    {
        if (space.Parameters.Length > MaxParameters)
            return $"{space.Parameters.Length} parameters; allowed are {MaxParameters}";
        var paths = space.Parameters.Select(p => p.Path).ToHashSet(StringComparer.Ordinal);
        return space.Parameters.Select(p => Name("hyperparameter", p.Path) ?? FaultOf(p.Distribution) ?? FaultOf(p.When, paths)).FirstOrDefault(f => f is not null)
            ?? Twice(space.Parameters.Select(p => p.Path))
            ?? FaultOfConstraints(space.Constraints, paths);
    }

    /// <param name="known">The names that they may ask for; null: any.</param>
    public static string? FaultOfConstraints(Predicate[] constraints, HashSet<string>? known) => constraints.Length > MaxConstraints
        ? $"{constraints.Length} constraints; allowed are {MaxConstraints}"
        : constraints.Select(c => c is null ? "no constraint" : FaultOf(c, known)).FirstOrDefault(f => f is not null);

    public static string? FaultOfSettings(Assignment? assignment)
    {
        if (assignment is null)
            return "no settings";
        return assignment.Settings.Length > MaxParameters
            ? $"{assignment.Settings.Length} settings; allowed are {MaxParameters}"
            : assignment.Settings.Select(s => Name("hyperparameter", s.Path) ?? FaultOf(s.Value)).FirstOrDefault(f => f is not null)
                ?? Twice(assignment.Settings.Select(s => s.Path));
    }

    /// <summary>Whether each value is one that its hyperparameter may have; what is left open is drawn.</summary>
    public static string? FaultOfSeed(Assignment? seed, ParameterSpace space) => FaultOfSettings(seed) ?? seed!.Settings
        .Where(s => Array.Find(space.Parameters, p => p.Path == s.Path)?.Distribution.Contains(s.Value) is not true)
        .Select(s => $"a trial to begin with in which {s.Path} is what it cannot be").FirstOrDefault();

    public static string? FaultOfOptions(AlgorithmDescription algorithm, Assignment? options) => FaultOfSettings(options) ?? options!.Settings
        .Where(given => algorithm.Options.FirstOrDefault(o => o.Path == given.Path) is not { } option || option.Default.Kind != given.Value.Kind || !option.Allows(given.Value))
        .Select(given => $"the option {given.Path} of {algorithm.Name}, unknown or out of range").FirstOrDefault();

    public static string? Name(string what, string? name) =>
        name is { Length: > 0 and <= MaxNameLength } && !name.Any(char.IsControl) ? null : $"no name of a {what}, or an unfit one";

    private static string? FaultOf(Predicate? condition, HashSet<string>? known)
    {
        if (condition is null)
            return null;
        return condition.Fault is { } fault
            ? $"a condition with a fault in {fault}"
            : condition.Names.FirstOrDefault(n => known?.Contains(n) is false) is { } other ? $"a condition about {other}, which is not searched" : null;
    }

    private static string? FaultOf(Distribution? distribution) => distribution switch
    {
        null => "no distribution",
        { Fault: { } fault } => fault,
        Constant constant => FaultOf(constant.Value),
        Categorical choice => choice.Values.Select(FaultOf).FirstOrDefault(f => f is not null),
        _ => null,
    };

    private static string? FaultOf(ParameterValue value) => value.Kind switch
    {
        ParameterKind.Text => value.Text is { Length: <= MaxText } ? null : "no text, or too long a one",
        ParameterKind.Number => double.IsFinite(value.Number) ? null : $"the value {value.Number}",
        ParameterKind.Integer or ParameterKind.Flag => null,
        _ => $"a value of kind {(int)value.Kind}",
    };

    private static string? Twice(IEnumerable<string> paths) =>
        paths.GroupBy(path => path, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1) is { } twice ? $"hyperparameter '{twice.Key}' twice" : null;
}
