using System.Text.RegularExpressions;
using GenCluster.Core.Sweeps;

namespace GenCluster.Configuration.Exporters;

/// <summary>
/// Writes a program as the trial of a Katib Experiment: a Job, or a PyTorchJob where several workers run it together. The
/// macros that Katib does not have are written out.
/// </summary>
internal sealed partial class KatibTrialWriter(SweepSpec spec, ExportNotes notes)
{
    private const string Container = "training-container", Image = "IMAGE", MetricsFolder = "/var/log/katib/";

    private readonly CommandSpec command = spec.Trainable.Command ?? new CommandSpec([]);
    private readonly Dictionary<string, string> names = Names(spec);

    public YamlMap? Collector()
    {
        if (command.Metrics is MetricsSource.File && command.MetricsPath is { } path)
        {
            return new YamlMap
            {
                { "source", new YamlMap { { "fileSystemPath", new YamlMap { { "path", MetricsFolder + path }, { "kind", "File" } } } } },
                { "collector", new YamlMap { { "kind", "File" } } },
            };
        }

        if (command.Metrics is not MetricsSource.Output)
            notes.Note("trainable.metrics: Katib reads name=value from the output; let the program print that");
        return null;
    }

    public YamlMap Template()
    {
        notes.Note($"trialSpec: write the container's image in the place of {Image}");
        return new YamlMap
        {
            { "primaryContainerName", spec.Resources.MaxWorkers > 1 ? "pytorch" : Container },
            { "trialParameters", names.Select(n => (object)new YamlMap { { "name", n.Value }, { "reference", n.Key } }).ToList() },
            { "trialSpec", spec.Resources.MaxWorkers > 1 ? Gang() : Single() },
        };
    }

    private YamlMap Single() => new()
    {
        { "apiVersion", "batch/v1" },
        { "kind", "Job" },
        { "spec", new YamlMap { { "template", Pod(Container, "Never") } } },
    };

    private YamlMap Gang() => new()
    {
        { "apiVersion", "kubeflow.org/v1" },
        { "kind", "PyTorchJob" },
        {
            "spec", new YamlMap
            {
                {
                    "pytorchReplicaSpecs", new YamlMap
                    {
                        { "Master", new YamlMap { { "replicas", 1L }, { "restartPolicy", "OnFailure" }, { "template", Pod("pytorch", null) } } },
                        { "Worker", new YamlMap { { "replicas", spec.Resources.MaxWorkers - 1L }, { "restartPolicy", "OnFailure" }, { "template", Pod("pytorch", null) } } },
                    }
                },
            }
        },
    };

    private YamlMap Pod(string name, string? restart) => new()
    {
        {
            "spec", new YamlMap
            {
                {
                    "containers", new List<object>
                    {
                        new YamlMap
                        {
                            { "name", name },
                            { "image", Image },
                            { "command", new List<object>(command.Arguments.SelectMany(WriteOut)) },
                            { "env", command.Environment is { Length: > 0 } variables ? variables.Select(v => (object)new YamlMap { { "name", v.Name }, { "value", Named(v.Value) } }).ToList() : null },
                            { "resources", spec.Resources.Device is "cuda" ? new YamlMap { { "limits", new YamlMap { { "nvidia.com/gpu", 1L } } } } : null },
                        },
                    }
                },
                { "restartPolicy", restart },
            }
        },
    };

    private IEnumerable<string> WriteOut(string argument)
    {
        switch (argument)
        {
            case "${args}" or "${args_no_boolean_flags}":
                return names.Select(n => $"--{n.Key}=${{trialParameters.{n.Value}}}");
            case "${args_no_hyphens}":
                return names.Select(n => $"{n.Key}=${{trialParameters.{n.Value}}}");
            case "${env}":
                return ["/usr/bin/env"];
            case "${interpreter}":
                return ["python3"];
        }

        string text = argument.Replace("${program}", command.Program ?? "${program}", StringComparison.Ordinal);
        if (command.Metrics is MetricsSource.File && command.MetricsPath is { Length: > 0 } path)
            text = text.Replace(path, MetricsFolder + path, StringComparison.Ordinal);
        if (Foreign().IsMatch(text))
            notes.Note($"trainable.command: Katib does not fill in the macros of '{text}'");
        return [Named(text)];
    }

    private string Named(string text) =>
        TrialParameter().Replace(text, m => names.TryGetValue(m.Groups[1].Value, out string? name) ? $"${{trialParameters.{name}}}" : m.Value);

    /// <summary>A name of letters and digits for each parameter, as trialParameters are called.</summary>
    private static Dictionary<string, string> Names(SweepSpec spec)
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string path in spec.Parameters.Parameters.Select(p => p.Path))
        {
            string plain = Special().Replace(path, m => m.Groups[1].Value.ToUpperInvariant());
            string name = plain.Length > 0 && char.IsAsciiLetter(plain[0]) ? char.ToLowerInvariant(plain[0]) + plain[1..] : $"p{plain}";
            names[path] = names.ContainsValue(name) ? $"{name}{names.Count}" : name;
        }

        return names;
    }

    [GeneratedRegex(@"\$\{trialParameters\.([^}]+)\}")]
    private static partial Regex TrialParameter();

    [GeneratedRegex(@"\$\{(?!trialParameters\.)")]
    private static partial Regex Foreign();

    [GeneratedRegex("[^A-Za-z0-9]+([A-Za-z0-9]?)")]
    private static partial Regex Special();
}
