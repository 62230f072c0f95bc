using GenCluster.Configuration.Diagnostics;
using GenCluster.Configuration.Schema;
using GenCluster.Configuration.Yaml;
using GenCluster.Core.Models;
using GenCluster.Core.Parameters;

namespace GenCluster.Configuration.Sections;

/// <summary>Reads a value that a hyperparameter shall have, in its type and within its range.</summary>
internal static class HyperparameterValue
{
    private const int Longest = 4096;

    /// <summary>The value, or null when it does not fit, which is then reported. A free hyperparameter takes values as they are.</summary>
    public static ParameterValue? Read(HyperparameterEntry entry, string path, Node node, DiagnosticList diagnostics)
    {
        if (!entry.IsFree)
            return Read(entry.Hyperparameter, path, node, diagnostics);
        if (node is ScalarNode { Value: { } value } && value.Text?.Length is not > Longest)
            return entry.Hyperparameter.Coerce(value) ?? value;
        diagnostics.Error(DiagnosticCodes.WrongType, node.Place, $"{path}: got {node.Describe()}; write a number, a text, true or false");
        return null;
    }

    /// <summary>The value, or null when it does not fit, which is then reported.</summary>
    public static ParameterValue? Read(Hyperparameter hyperparameter, string path, Node node, DiagnosticList diagnostics)
    {
        if ((node as ScalarNode)?.Value is not { } given || hyperparameter.Coerce(given) is not { } value)
        {
            Report(DiagnosticCodes.WrongType, "");
            return null;
        }

        if (hyperparameter.Allows(value))
            return value;
        if (hyperparameter.Choices is { } choices)
            Report(DiagnosticCodes.NotAChoice, $"; the nearest is {Nearest.To(value.AsText(), choices)}");
        else
            Report(DiagnosticCodes.OutOfRange, "");
        return null;

        void Report(string code, string hint) =>
            diagnostics.Error(code, node.Place, $"{path}: got {node.Describe()}; write {hyperparameter.DescribeAllowed()}{hint}");
    }
}
