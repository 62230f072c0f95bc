using GenCluster.Core.Parameters;

namespace GenCluster.Cli.Watching;

/// <summary>Hyperparameters as people read them: short names, few digits. Files get every digit.</summary>
internal static class ParameterText
{
    public static string Show(ParameterValue value) => value.Kind is ParameterKind.Number ? Numbers.Short(value.Number) : value.ToString();

    /// <summary><c>beta1=0.5 generator.learningRate=0.0002</c></summary>
    /// <param name="names">Of <see cref="ParameterNames.Shorten"/>.</param>
    public static string Describe(Assignment assignment, IReadOnlyDictionary<string, string> names) =>
        string.Join(' ', assignment.Settings.Select(s => $"{names.GetValueOrDefault(s.Path, s.Path)}={Show(s.Value)}"));
}
