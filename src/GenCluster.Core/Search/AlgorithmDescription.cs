using GenCluster.Core.Models;
using GenCluster.Core.Parameters;

namespace GenCluster.Core.Search;

/// <summary>A search algorithm or an early-stopping rule as a sweep file sees it.</summary>
/// <param name="Options">Keys beside its name, with defaults and ranges.</param>
public sealed record AlgorithmDescription(string Name, string Summary, IReadOnlyList<Hyperparameter> Options)
{
    /// <summary>Options that others switch off.</summary>
    public IReadOnlyList<OptionScope> Scopes { get; init; } = [];

    /// <summary>The value of an option: what was given, else its default.</summary>
    public ParameterValue Option(Assignment given, string name) =>
        given.Find(name) ?? Options.FirstOrDefault(o => o.Path == name)?.Default ?? throw new ArgumentException($"{Name} has no option '{name}'", nameof(name));

    /// <summary>Why an option has no effect beside the others; null when it has one.</summary>
    public OptionScope? Unmet(Assignment given, string name) => Scopes.FirstOrDefault(s => s.Option == name && !s.Values.Contains(Option(given, s.Of)));
}

/// <summary>An option that has an effect only where another one has one of some values.</summary>
/// <param name="Of">The other option.</param>
public sealed record OptionScope(string Option, string Of, IReadOnlyList<ParameterValue> Values);
