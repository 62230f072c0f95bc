using GenCluster.Configuration.Diagnostics;
using GenCluster.Configuration.Yaml;
using GenCluster.Core.Parameters;

namespace GenCluster.Configuration.Importers;

/// <summary>
/// Values of parameters in files that Python reads. Ours are numbers, integers, texts and flags; what is more than that is
/// carried as the text that a program in Python would be given for it.
/// </summary>
internal static class ForeignValues
{
    private const int LongestText = 4096;

    /// <summary>The value; null after a mistake was reported.</summary>
    public static ParameterValue? Read(Node node, string path, SweepDraft draft, bool python = true)
    {
        if (node is ScalarNode scalar)
            return ReadScalar(scalar, path, draft, python);
        string text = PythonText.Of(node);
        if (text.Length > LongestText)
        {
            draft.Error(node.Place, DiagnosticCodes.ForeignSpace, $"{path}: {node.Describe()} as a value, and a long one; values are single");
            return null;
        }

        draft.Warn(node.Place, $"{path}: {node.Describe()} as a value; it is carried over as the text {Shown.Quoted(text)}, which is what ${{args}} gives a program for it");
        return ParameterValue.Of(text);
    }

    /// <summary>All values of a list; null after a mistake was reported.</summary>
    public static IReadOnlyList<ParameterValue>? ReadAll(Node? node, string path, SweepDraft draft, bool python = true)
    {
        if (node is not ListNode list)
        {
            if (node is not null)
                draft.Wrong(node.Place, $"{path}: got {node.Describe()}; write a list of values");
            return null;
        }

        var values = list.Items.Select(i => Read(i, path, draft, python)).ToList();
        return values.TrueForAll(v => v is not null) ? [.. values.Select(v => v!.Value)] : null;
    }

    private static ParameterValue? ReadScalar(ScalarNode scalar, string path, SweepDraft draft, bool python)
    {
        if (python && !draft.IsJson && Yaml11.IsTextToPython(scalar) && Yaml11.NumberOf(scalar.Text) is { } meant)
        {
            draft.Warn(scalar.Place, $"{path}: {scalar.Text} is a text to PyYAML, for want of a point (1.0e-4); it is read as the number {ParameterValue.Of(meant)}");
            return ParameterValue.Of(meant);
        }

        if (Yaml11.Resolve(scalar) is not { } value)
        {
            draft.Warn(scalar.Place, $"{path}: null as a value; it is carried over as the text 'None', which is what ${{args}} gives a program for it");
            return ParameterValue.Of("None");
        }

        if (Yaml11.IsWordForFlag(scalar))
            draft.Warn(scalar.Place, $"{path}: {scalar.Text} is {value} in YAML 1.1, and is read so; write {value}, or quotes around a text");
        if (value is { Kind: ParameterKind.Text, Text: { Length: > LongestText } or { } } && (value.Text!.Length > LongestText || value.Text.Any(c => char.IsControl(c) && c is not ('\n' or '\t'))))
        {
            draft.Error(scalar.Place, DiagnosticCodes.ForeignSpace, $"{path}: the text is too long or has control characters; write at most {LongestText} printable characters");
            return null;
        }

        return value;
    }
}
