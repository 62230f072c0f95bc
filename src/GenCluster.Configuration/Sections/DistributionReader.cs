using GenCluster.Configuration.Diagnostics;
using GenCluster.Configuration.Schema;
using GenCluster.Configuration.Yaml;
using GenCluster.Core.Models;
using GenCluster.Core.Parameters;

namespace GenCluster.Configuration.Sections;

/// <summary>
/// Reads the distribution of one hyperparameter. Its name may be left out: <c>value</c> means constant, <c>values</c>
/// categorical, <c>min</c> and <c>max</c> uniform over the hyperparameter's own type.
/// </summary>
internal sealed class DistributionReader
{
    private const string ConstantName = "constant", CategoricalName = "categorical";
    private const string UniformName = "uniform", IntUniformName = "int_uniform", LogUniformName = "log_uniform_values";
    private const double ProbabilityTolerance = 1e-6;

    private static readonly TextKey Name = new("distribution", "Which distribution; follows from the other keys when left out.")
    {
        Choices = [ConstantName, CategoricalName, UniformName, IntUniformName, LogUniformName],
    };

    private static readonly FreeKey Value = new("value", "The one value.", "a value");
    private static readonly FreeKey Values = new("values", "The values to choose from.", "a list of values");
    private static readonly FreeKey Probabilities =
        new("probabilities", "How likely each value is; equally likely when left out.", "a list of numbers that sum to 1");
    private static readonly FreeKey Min = new("min", "The least value, included.", "a number");
    private static readonly FreeKey Max = new("max", "The greatest value, included.", "a number");

    private readonly Hyperparameter hyperparameter;
    private readonly Section section;
    private readonly DiagnosticList diagnostics;

    private DistributionReader(Hyperparameter hyperparameter, Section section, DiagnosticList diagnostics)
    {
        this.hyperparameter = hyperparameter;
        this.section = section;
        this.diagnostics = diagnostics;
    }

    public static SectionSchema Schema { get; } = new(Name, Value, Values, Probabilities, Min, Max);

    /// <summary>The distribution, or null when it is wrong, which is then reported.</summary>
    public static Distribution? Read(HyperparameterEntry entry, string path, DiagnosticList diagnostics)
    {
        if (entry.Value is not MapNode map)
        {
            diagnostics.Error(DiagnosticCodes.WrongType, entry.Value.Place,
                $"{path}: got {entry.Value.Describe()}; write a distribution, {Examples(entry.Hyperparameter)}, or set a fixed value in trainable");
            return null;
        }

        var section = Section.Open(Schema, path, map, map.Place, diagnostics);
        return new DistributionReader(entry.Hyperparameter, section, diagnostics).Read();
    }

    private Distribution? Read()
    {
        string? name = section.Has(Name) ? section.Text(Name) : Infer();
        return name switch
        {
            ConstantName => Takes(name, Value) && One(Value) is { } value ? new Constant(value) : null,
            CategoricalName => Takes(name, Values, Probabilities) ? ReadCategorical() : null,
            UniformName or LogUniformName => Takes(name, Min, Max) && Gives(name, ParameterKind.Number) ? ReadReal(name) : null,
            IntUniformName => Takes(name, Min, Max) && Gives(name, ParameterKind.Integer) ? ReadInteger() : null,
            _ => null,
        };
    }

    private string? Infer()
    {
        if (section.Has(Value))
            return ConstantName;
        if (section.Has(Values))
            return CategoricalName;
        if (section.Has(Min) || section.Has(Max))
            return hyperparameter.Default.Kind is ParameterKind.Integer ? IntUniformName : UniformName;
        diagnostics.Error(DiagnosticCodes.MissingKey, section.Place, $"{section.Path}: no distribution; write {Examples(hyperparameter)}");
        return null;
    }

    /// <summary>Whether the section has the keys of the distribution and no others.</summary>
    private bool Takes(string name, params Key[] keys)
    {
        bool fits = true;
        foreach (var key in Schema.Keys.Where(k => k != Name && section.Has(k) && !keys.Contains(k)))
        {
            section.Error(DiagnosticCodes.DistributionKeys, key,
                $"does not go with distribution {name}, which takes {string.Join(" and ", keys.Select(k => k.Name))}; remove it");
            fits = false;
        }

        foreach (var key in keys.Where(k => k != Probabilities && !section.Has(k)))
        {
            diagnostics.Error(DiagnosticCodes.MissingKey, section.Place,
                $"{section.PathOf(key)}: missing, but distribution {name} needs it; write {key.Allowed}");
            fits = false;
        }

        return fits;
    }

    /// <summary>Whether the hyperparameter is of the type that the distribution gives.</summary>
    private bool Gives(string name, ParameterKind kind)
    {
        if (hyperparameter.Default.Kind == kind)
            return true;
        string gives = kind is ParameterKind.Integer ? "integers" : "real numbers";
        diagnostics.Error(DiagnosticCodes.DistributionType, section.Has(Name) ? section.PlaceOf(Name) : section.Place,
            $"{section.Path}: distribution {name} gives {gives}, but {hyperparameter.Path} is {hyperparameter.DescribeAllowed()}; "
            + $"write {Examples(hyperparameter)}");
        return false;
    }

    private Distribution? ReadReal(string name)
    {
        if (Range() is not var (min, max))
            return null;
        if (name is UniformName)
            return new Uniform(min.Number, max.Number);
        if (min.Number > 0)
            return new LogUniform(min.Number, max.Number);
        section.Error(DiagnosticCodes.LogOfZero, Min,
            $"got {min}, which has no logarithm; write a number above 0, or use distribution {UniformName}");
        return null;
    }

    private IntUniform? ReadInteger() => Range() is var (min, max) ? new IntUniform(min.Integer, max.Integer) : null;

    private (ParameterValue Min, ParameterValue Max)? Range()
    {
        if ((One(Min), One(Max)) is not ({ } min, { } max)) // both, so that two mistakes are two reports
            return null;
        if (min.AsNumber() < max.AsNumber())
            return (min, max);
        section.Error(DiagnosticCodes.ImpossibleRange, Min, min == max
            ? $"got {min}, and max is the same; write {{value: {min}}} for one value, or raise max"
            : $"got {min}, which is above max ({max}); swap the two");
        return null;
    }

    private Categorical? ReadCategorical()
    {
        var values = List(Values) is { } nodes ? ReadValues(nodes) : null;
        bool weighted = section.Has(Probabilities);
        double[]? probabilities = weighted && List(Probabilities) is { } weights ? ReadProbabilities(weights) : null;
        return values is null || (weighted && probabilities is null) ? null : new Categorical(values, probabilities);
    }

    private ParameterValue[]? ReadValues(List<Node> nodes)
    {
        var values = new List<ParameterValue>();
        var seen = new HashSet<ParameterValue>();
        foreach (var node in nodes)
        {
            if (HyperparameterValue.Read(hyperparameter, section.PathOf(Values), node, diagnostics) is not { } value)
                continue;
            values.Add(value);
            if (!seen.Add(value))
                diagnostics.Error(DiagnosticCodes.RepeatedValue, node.Place,
                    $"{section.PathOf(Values)}: {Shown.Quoted(value.ToString())} is in the list twice; remove one, or weigh values by probabilities");
        }

        return values.Count == nodes.Count ? [.. values] : null;
    }

    private double[]? ReadProbabilities(List<Node> nodes)
    {
        int? values = (section.Find(Values) as ListNode)?.Items.Count;
        var probabilities = new List<double>();
        foreach (var node in nodes)
        {
            if (node is ScalarNode { Value: { Kind: ParameterKind.Number or ParameterKind.Integer } value } && value.AsNumber() is >= 0 and <= 1)
                probabilities.Add(value.AsNumber());
            else
                diagnostics.Error(DiagnosticCodes.Probabilities, node.Place,
                    $"{section.PathOf(Probabilities)}: got {node.Describe()}; write a number from 0 to 1");
        }

        if (probabilities.Count < nodes.Count)
            return null;
        double sum = probabilities.Sum();
        if (values is not null && values != nodes.Count)
            section.Error(DiagnosticCodes.Probabilities, Probabilities, $"got {nodes.Count} for {values} values; write one for each value");
        else if (Math.Abs(sum - 1) > ProbabilityTolerance)
            section.Error(DiagnosticCodes.Probabilities, Probabilities,
                $"they sum to {ParameterValue.Of(Math.Round(sum, 9))}; write numbers that sum to 1");
        else
            return [.. probabilities];
        return null;
    }

    private ParameterValue? One(Key key) => HyperparameterValue.Read(hyperparameter, section.PathOf(key), section.Find(key)!, diagnostics);

    private List<Node>? List(Key key)
    {
        if (section.Find(key) is ListNode { Items: { Count: > 0 } items })
            return items;
        var node = section.Find(key)!;
        section.Error(DiagnosticCodes.WrongType, key, $"got {(node is ListNode ? "an empty list" : node.Describe())}; write {key.Allowed}");
        return null;
    }

    private static string Examples(Hyperparameter hyperparameter) =>
        hyperparameter.Default.Kind is ParameterKind.Number or ParameterKind.Integer ? "{min: …, max: …} or {values: […]}" : "{values: […]}";
}
