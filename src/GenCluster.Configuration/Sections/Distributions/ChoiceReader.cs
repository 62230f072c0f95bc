using GenCluster.Configuration.Diagnostics;
using GenCluster.Configuration.Schema;
using GenCluster.Configuration.Yaml;
using GenCluster.Core.Parameters;
using static GenCluster.Configuration.Sections.Distributions.DistributionKeys;

namespace GenCluster.Configuration.Sections.Distributions;

/// <summary>Reads a choice between values.</summary>
internal sealed class ChoiceReader(HyperparameterEntry entry, Section section, DiagnosticList diagnostics)
{
    private const double ProbabilityTolerance = 1e-6;

    public Categorical? Read()
    {
        var values = List(Values) is { } nodes ? ReadValues(nodes) : null;
        if (section.Has(Probabilities) && section.Has(Weights))
        {
            section.Error(DiagnosticCodes.Probabilities, Weights, "stands beside probabilities, which say the same; remove one of the two");
            return null;
        }

        var key = section.Has(Weights) ? Weights : Probabilities;
        if (!section.Has(key))
            return values is null ? null : new Categorical(values, null);
        double[]? weights = List(key) is { } numbers ? ReadWeights(key, numbers) : null;
        return values is null || weights is null ? null : new Categorical(values, weights);
    }

    private ParameterValue[]? ReadValues(List<Node> nodes)
    {
        var values = new List<ParameterValue>();
        var seen = new HashSet<ParameterValue>();
        foreach (var node in nodes)
        {
            if (HyperparameterValue.Read(entry, section.PathOf(Values), node, diagnostics) is not { } value)
                continue;
            values.Add(value);
            if (!seen.Add(value))
                diagnostics.Error(DiagnosticCodes.RepeatedValue, node.Place,
                    $"{section.PathOf(Values)}: {Shown.Quoted(value.ToString())} is in the list twice; remove one, or weigh values by probabilities");
        }

        return values.Count == nodes.Count ? [.. values] : null;
    }

    private double[]? ReadWeights(FreeKey key, List<Node> nodes)
    {
        double most = key == Weights ? double.MaxValue : 1;
        var weights = new List<double>();
        foreach (var node in nodes)
        {
            if (node is ScalarNode { Value: { Kind: ParameterKind.Number or ParameterKind.Integer } value } && value.AsNumber() >= 0 && value.AsNumber() <= most)
                weights.Add(value.AsNumber());
            else
                diagnostics.Error(DiagnosticCodes.Probabilities, node.Place,
                    $"{section.PathOf(key)}: got {node.Describe()}; write {(key == Weights ? "a number of at least 0" : "a number from 0 to 1")}");
        }

        return weights.Count < nodes.Count ? null : Normalised(key, weights);
    }

    private double[]? Normalised(FreeKey key, List<double> weights)
    {
        int? values = (section.Find(Values) as ListNode)?.Items.Count;
        double sum = weights.Sum();
        if (values is not null && values != weights.Count)
            section.Error(DiagnosticCodes.Probabilities, key, $"got {weights.Count} for {values} values; write one for each value");
        else if (key == Weights && !(sum > 0 && double.IsFinite(sum)))
            section.Error(DiagnosticCodes.Probabilities, key, $"they sum to {ParameterValue.Of(sum)}; write at least one number above 0, and none of them huge");
        else if (key == Probabilities && Math.Abs(sum - 1) > ProbabilityTolerance)
            section.Error(DiagnosticCodes.Probabilities, key, $"they sum to {ParameterValue.Of(Math.Round(sum, 9))}; write numbers that sum to 1");
        else
            return key == Weights ? [.. weights.Select(w => w / sum)] : [.. weights];
        return null;
    }

    private List<Node>? List(FreeKey key)
    {
        if (section.Find(key) is ListNode { Items: { Count: > 0 } items })
            return items;
        var node = section.Find(key)!;
        section.Error(DiagnosticCodes.WrongType, key, $"got {(node is ListNode ? "an empty list" : node.Describe())}; write {key.Allowed}");
        return null;
    }
}
