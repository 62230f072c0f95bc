using System.Text.RegularExpressions;
using GenCluster.Configuration.Diagnostics;
using GenCluster.Configuration.Schema;
using GenCluster.Configuration.Yaml;
using GenCluster.Core.Parameters;
using GenCluster.Core.Programs;
using GenCluster.Core.Sweeps;

namespace GenCluster.Configuration.Sections;

/// <summary>The keys of <c>trainable</c> that describe a program, which may be any program in any language.</summary>
internal static partial class ProgramKeys
{
    private const int LongestText = 4096;
    private const int MaxGraceSeconds = 3600;

    public static readonly ListKey Command = new(
        "command", "The program and its arguments; ${args}, ${program}, ${trialParameters.NAME} and others are filled in for each trial.",
        new FreeKey("argument", "An argument.", "a text or a number") { JsonSchema = """{"type": ["string", "number", "boolean"]}""" });

    private static readonly TextKey Program = new("program", "What ${program} in the command stands for.");

    private static readonly FreeKey Environment = new("environment", "Variables besides those that every trial gets.", "a map from names to texts")
    {
        JsonSchema = """{"type": "object", "propertyNames": {"pattern": "^[A-Za-z_][A-Za-z0-9_]*$"}, "additionalProperties": {"type": ["string", "number", "boolean"]}}""",
    };

    private static readonly TextKey WorkingDirectory = new("workingDirectory", "Where it runs, as workers see it; default: the trial's own folder.")
    {
        Pattern = Absolute(),
        PatternMeaning = "an absolute path, like /srv/project",
    };

    private static readonly TextKey Source =
        new("source", "How it says what it measured: JSON or name=value lines of its output or of a file, W&B's offline history, or HTTP.")
        {
            Choices = ["output", "file", "wandb", "http"],
            Default = "output",
        };

    private static readonly TextKey MetricsPath = new("path", "The file that it appends to, relative to its folder; for file and wandb.")
    {
        Pattern = Relative(),
        PatternMeaning = "a relative path without '..', like metrics.jsonl",
    };

    private static readonly MapKey Metrics = new("metrics", "Where its metrics come from.", new SectionSchema(Source, MetricsPath));

    private static readonly TextKey Grace = new("grace", "From SIGTERM to SIGKILL.") { Default = "15s", Pattern = Duration.Pattern, PatternMeaning = Duration.Allowed };

    private static readonly TextKey Resource = new("resource", "The metric that counts its steps, like epoch; default: its reports are counted.");

    public static readonly Key[] All = [Command with { Required = true }, Program, Environment, WorkingDirectory, Metrics, Grace, Resource];

    public static CommandSpec Read(Section section, DiagnosticList diagnostics)
    {
        var metrics = section.Child(Metrics);
        string? source = metrics.Text(Source), path = metrics.Text(MetricsPath);
        if (source is "file" && !metrics.Has(MetricsPath))
            metrics.Error(DiagnosticCodes.MissingKey, MetricsPath, $"missing, but metrics come from a file; write {MetricsPath.Allowed}");
        if (source is "output" or "http" && metrics.Has(MetricsPath))
            metrics.Error(DiagnosticCodes.Misplaced, MetricsPath, $"does not go with source {source}; remove it, or write source: file");
        return new CommandSpec(
            [.. section.Items(Command).Select(node => Argument(section.PathOf(Command), node, diagnostics))],
            section.Text(Program),
            ReadEnvironment(section, diagnostics),
            section.Text(WorkingDirectory),
            source switch { "file" => MetricsSource.File, "wandb" => MetricsSource.Wandb, "http" => MetricsSource.Http, _ => MetricsSource.Output },
            path,
            (int)Duration.Read(section, Grace, MaxGraceSeconds),
            section.Text(Resource));
    }

    /// <summary>Whether what is to be filled in for a trial is known. A warning, as a file of another tool may leave its program to be named later.</summary>
    /// <param name="parameters">Names of all hyperparameters.</param>
    public static void CheckMacros(Section section, CommandSpec command, IReadOnlyCollection<string> parameters, DiagnosticList diagnostics)
    {
        if (command.Arguments.Length > 0 && CommandMacros.FaultOf(command, parameters) is { } fault)
            diagnostics.Warning(DiagnosticCodes.UnknownMacro, section.PlaceOf(Command), $"{section.PathOf(Command)}: {fault}; every trial would fail");
    }

    private static EnvironmentVariable[] ReadEnvironment(Section section, DiagnosticList diagnostics)
    {
        if (section.Find(Environment) is not { } node)
            return [];
        if (node is not MapNode map)
        {
            section.Error(DiagnosticCodes.WrongType, Environment, $"got {node.Describe()}; write {Environment.Allowed}");
            return [];
        }

        List<EnvironmentVariable> variables = [];
        foreach (var (key, value) in map.Entries)
        {
            string path = $"{section.PathOf(Environment)}.{key.Text}";
            if (!VariableName().IsMatch(key.Text))
                diagnostics.Error(DiagnosticCodes.BadText, key.Place, $"{section.PathOf(Environment)}: got {Shown.Quoted(key.Text)}; write a name of letters, digits and underscores that does not begin with a digit");
            else
                variables.Add(new EnvironmentVariable(key.Text, Argument(path, value, diagnostics)));
        }

        return [.. variables];
    }

    // As it is written: 1e-3 stays 1e-3.
    private static string Argument(string path, Node node, DiagnosticList diagnostics)
    {
        if (node is ScalarNode { Value: not null } scalar && scalar.Text.Length <= LongestText && !scalar.Text.Contains('\0', StringComparison.Ordinal))
            return scalar.Text;
        diagnostics.Error(DiagnosticCodes.WrongType, node.Place, $"{path}: got {node.Describe()}; write a text or a number");
        return "";
    }

    [GeneratedRegex(@"^/[^\0]*\z")]
    private static partial Regex Absolute();

    [GeneratedRegex(@"^(?!/)(?!(.*/)?\.\.(/|\z)).+\z")]
    private static partial Regex Relative();

    [GeneratedRegex(@"^[A-Za-z_][A-Za-z0-9_]*\z")]
    private static partial Regex VariableName();
}
