using System.Text.RegularExpressions;
using GenCluster.Configuration.Diagnostics;
using GenCluster.Configuration.Yaml;
using GenCluster.Core.Sweeps;

namespace GenCluster.Configuration.Importers.Katib;

/// <summary>
/// The program of a Katib trial: the command of its primary container. What Kubernetes does around it, images, volumes and
/// service accounts, is a matter of the machines that workers run on.
/// </summary>
internal sealed partial class KatibTrial
{
    private readonly SweepDraft draft;
    private readonly ForeignMap template;
    private readonly Dictionary<string, string> references = new(StringComparer.Ordinal);
    private string? metricsPath; // in the container

    private KatibTrial(ForeignMap template, SweepDraft draft)
    {
        this.draft = draft;
        this.template = template;
    }

    public static CommandSpec Read(ForeignMap spec, SweepDraft draft)
    {
        if (spec.Map("trialTemplate") is { } template)
            return new KatibTrial(template, draft).Read(spec);
        draft.NothingToRun(spec.Place, "spec.trialTemplate: missing, so nothing says what a trial runs; write trainable.command before you run the sweep");
        return new CommandSpec([]);
    }

    private CommandSpec Read(ForeignMap spec)
    {
        ReadReferences();
        var collector = KatibCollector.Read(spec, draft, out metricsPath);
        template.NotCarried("a trial here ends with its program: zero is success", "successCondition", "failureCondition");
        template.Ignore("retain", "primaryPodLabels", "primaryContainerName");
        if (template.Has("configMap"))
            draft.NothingToRun(template.PlaceOf("configMap"), "spec.trialTemplate.configMap: the trial stands in a ConfigMap of the cluster; write it as trialSpec, or trainable.command before you run the sweep");
        else if (template.Map("trialSpec") is { } trial)
        {
            var command = Command(trial, collector);
            template.RestIsNotCarried("v1beta1 knows no such key");
            return command;
        }
        else
            draft.NothingToRun(template.Place, "spec.trialTemplate.trialSpec: missing, so nothing says what a trial runs; write trainable.command before you run the sweep");
        return new CommandSpec([]);
    }

    private void ReadReferences()
    {
        foreach (var item in template.List("trialParameters") ?? [])
        {
            if (item is MapNode map && map.Find("name") is ScalarNode name && map.Find("reference") is ScalarNode reference)
                Add(name.Text, reference);
            else
                draft.Wrong(item.Place, $"spec.trialTemplate.trialParameters: got {item.Describe()}; write {{name, reference}}");
        }
    }

    private void Add(string name, ScalarNode reference)
    {
        references[name] = reference.Text;
        if (reference.Text.StartsWith("${trialSpec.", StringComparison.Ordinal))
            draft.NotCarried(reference.Place, $"trialParameter {Shown.Quoted(name)}", "it asks for the Kubernetes object of the trial, and there is none here");
        else if (draft.Parameters.All(p => p.Path != reference.Text))
            draft.Wrong(reference.Place, $"trialParameter {Shown.Quoted(name)}: there is no parameter {Shown.Quoted(reference.Text)}; write the name of one of spec.parameters");
    }

    private CommandSpec Command(ForeignMap trial, CommandSpec collector)
    {
        string kind = trial.Text("kind") ?? "";
        var found = KatibContainer.Find(trial.Node, kind, template.Text("primaryContainerName"));
        if (found.Container is not { } container)
        {
            draft.NothingToRun(trial.Place, $"spec.trialTemplate.trialSpec: {found.Why}; write trainable.command before you run the sweep");
            return new CommandSpec([]);
        }

        var read = new ForeignMap(container, "container", draft);
        string[] arguments = [.. Words(read, "command"), .. Words(read, "args")];
        if (!read.Has("command"))
            draft.NothingToRun(container.Place, arguments.Length == 0
                ? "the trial's container has no command, so what runs is in its image; write trainable.command before you run the sweep"
                : "the trial's container has args and no command, so the program is in its image; write it at the front of trainable.command before you run the sweep");
        KatibContainer.ReadRest(read, found, draft);
        return collector with { Arguments = [.. arguments.Select(a => Rewrite(a, collector.MetricsPath))], Environment = KatibContainer.Environment(read, Substitute, draft) };
    }

    private string[] Words(ForeignMap container, string key)
    {
        var items = container.List(key) ?? [];
        foreach (var item in items.Where(i => i is not ScalarNode))
            draft.Wrong(item.Place, $"container.{key}: got {item.Describe()}; write texts");
        return [.. items.OfType<ScalarNode>().Select(s => Substitute(s.Text, s.Place))];
    }

    /// <summary>Our command asks for a parameter by its own name.</summary>
    private string Substitute(string text, Place place) => TrialParameter().Replace(text, m =>
    {
        string name = m.Groups[1].Value;
        if (references.TryGetValue(name, out string? path))
            return $"${{trialParameters.{path}}}";
        draft.Wrong(place, $"${{trialParameters.{name}}}: there is no trialParameter of that name; write one of {string.Join(", ", references.Keys.DefaultIfEmpty("none"))}");
        return m.Value;
    });

    /// <summary>The file of metrics is one of the trial's folder here, where its path in a container is absolute.</summary>
    private string Rewrite(string argument, string? name) =>
        name is not null && metricsPath is { Length: > 0 } ? argument.Replace(metricsPath, name, StringComparison.Ordinal) : argument;

    [GeneratedRegex(@"\$\{trialParameters\.([^}]+)\}")]
    private static partial Regex TrialParameter();
}
