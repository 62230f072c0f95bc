using System.Globalization;
using System.Text;
using GenCluster.Core.Parameters;
using GenCluster.Core.Sweeps;

namespace GenCluster.Configuration.Exporters;

/// <summary>
/// Writes a sweep of a program as a file of ours, which reads back as the same sweep: that is checked. What is at its default
/// is left out.
/// </summary>
public static class SweepWriter
{
    public static ExportResult Write(SweepSpec spec)
    {
        var notes = new ExportNotes("a sweep file");
        if (spec.Trainable.Command is not { } command)
        {
            notes.Fault($"trainable: the sweep trains a model of GenCluster ({spec.Trainable.Model}), so its file is one of GenCluster already");
            return notes.Result([]);
        }

        var file = new YamlMap
        {
            { "apiVersion", "gencluster/v1" },
            { "kind", "Sweep" },
            { "name", spec.Name },
            { "trainable", Program(command) },
            { "training", Section(new YamlMap { { "steps", Unless(spec.Training.Steps, CommandSpec.NoEnd) }, { "seed", Unless(spec.Training.Seed, 0) } }) },
            { "objective", Objective(spec) },
            { "search", Search(spec.Search) },
            { "parameters", Section(Parameters(spec.Parameters, notes)) },
            { "constraints", Texts(spec.Parameters.Constraints.Select(c => c.Text)) },
            { "earlyStopping", spec.EarlyStopping is { } stop ? WithOptions(new YamlMap { { "type", stop.Type } }, stop.Options) : null },
            { "warmStart", spec.WarmStart is { } start ? new YamlMap { { "sweep", start.Sweep }, { "top", start.Top }, { "weights", start.Weights ? true : null as bool? } } : null },
            { "resources", Section(Resources(spec.Resources)) },
            { "budget", Section(Budget(spec)) },
        };
        return Checked(notes.Result(file), spec);
    }

    /// <summary>A file that would read back as another sweep is worse than none.</summary>
    private static ExportResult Checked(ExportResult result, SweepSpec spec)
    {
        if (result.Text is not { } text || spec.Trainable.Command is { Arguments.Length: 0 })
            return result;
        var again = SweepFile.ParseOwn("written", Encoding.UTF8.GetBytes(text));
        if (again.Spec is { } read && read.Equals(spec))
            return result;
        string[] faults = again.Spec is null
            ? [.. again.Diagnostics.Where(d => d.Severity is Diagnostics.Severity.Error).Select(d => d.Message)]
            : ["the sweep has something that a sweep file cannot say"];
        return result with { Text = null, Faults = faults };
    }

    private static YamlMap Program(CommandSpec command) => new()
    {
        { "command", new List<object>(command.Arguments) },
        { "program", command.Program },
        { "environment", command.Environment is { Length: > 0 } variables ? Map(variables.Select(v => (v.Name, (object)v.Value))) : null },
        { "workingDirectory", command.Folder },
        {
            "metrics", command.Metrics is MetricsSource.Output ? null : new YamlMap
            {
                { "source", command.Metrics switch { MetricsSource.File => "file", MetricsSource.Wandb => "wandb", _ => "http" } },
                { "path", command.MetricsPath },
            }
        },
        { "grace", command.GraceSeconds == 15 ? null : Duration(command.GraceSeconds) },
        { "resource", command.Resource },
    };

    private static YamlMap Objective(SweepSpec spec)
    {
        var map = One(spec.Objective);
        map.Add("target", spec.Objective.Target);
        if (spec.Comparison.Others.Length > 0)
            map.Add("also", spec.Comparison.Others.Select(o => (object)One(o)).ToList());
        map.Add("constraints", Texts(spec.Comparison.Constraints.Select(c => c.Text)));
        return map;
    }

    private static YamlMap One(ObjectiveSpec objective) =>
        new() { { "metric", objective.Metric }, { "goal", objective.Goal is Goal.Maximize ? "maximize" : "minimize" } };

    private static YamlMap Search(SearchSpec search)
    {
        var map = WithOptions(
            new YamlMap { { "algorithm", search.Algorithm }, { "maxTrials", (long)search.MaxTrials }, { "parallelTrials", Unless(search.ParallelTrials, 1) } }, search.Options);
        if (search.SeedTrials.Length > 0)
            map.Add("seedTrials", search.SeedTrials.Select(s => (object)Map(s.Settings.Select(t => (t.Path, (object)t.Value)))).ToList());
        return map;
    }

    private static YamlMap Parameters(ParameterSpace space, ExportNotes notes)
    {
        var map = new YamlMap();
        foreach (var parameter in space.Parameters)
            map.Add(parameter.Path, OwnDistribution.Write(parameter, notes));
        return map;
    }

    private static YamlMap Resources(ResourceSpec resources) => new()
    {
        {
            "workers", resources.MinWorkers == resources.MaxWorkers
                ? (resources.MaxWorkers == 1 ? null : ParameterValue.Of((long)resources.MaxWorkers) as object)
                : new YamlMap { { "min", (long)resources.MinWorkers }, { "max", (long)resources.MaxWorkers } }
        },
        { "device", resources.Device is "auto" ? null : resources.Device },
        { "rebalance", resources.Rebalance is Rebalance.Auto ? "auto" : null },
        { "transport", resources.Transport switch { Transport.SharedMemory => "shared-memory", Transport.Unix => "unix", Transport.Tcp => "tcp", _ => null } },
        { "priority", Unless(resources.Priority, 0) },
        { "project", resources.Project is Core.Placement.ProjectRules.DefaultProject ? null : resources.Project },
        { "minRuntime", resources.MinRuntimeSeconds == 0 ? null : $"{resources.MinRuntimeSeconds}s" },
        { "memory", resources.Memory == 0 ? null : Core.Placement.ByteSize.Text(resources.Memory) },
        { "shareDevice", resources.ShareDevice ? true : null as bool? },
    };

    private static YamlMap Budget(SweepSpec spec) => new()
    {
        { "wallClock", spec.Budget.WallClockSeconds == 0 ? null : Duration(spec.Budget.WallClockSeconds) },
        { "gpuHours", spec.Budget.DeviceHours == 0 ? null as double? : spec.Budget.DeviceHours },
        { "maxFailedTrials", spec.Budget.MaxFailedTrials == spec.Search.MaxTrials ? null as long? : spec.Budget.MaxFailedTrials },
        { "maxRestarts", Unless(spec.Budget.MaxRestarts, 0) },
        {
            "plateau", spec.Budget.PlateauTrials == 0 ? null : new YamlMap
            {
                { "trials", (long)spec.Budget.PlateauTrials },
                { "minDelta", spec.Budget.PlateauMinDelta == 0 ? null as double? : spec.Budget.PlateauMinDelta },
            }
        },
    };

    private static YamlMap WithOptions(YamlMap map, Assignment options)
    {
        foreach (var option in options.Settings)
            map.Add(option.Path, option.Value as object);
        return map;
    }

    private static YamlMap Map(IEnumerable<(string Key, object Value)> entries)
    {
        var map = new YamlMap();
        foreach (var (key, value) in entries)
            map.Add(key, value);
        return map;
    }

    private static YamlMap? Section(YamlMap map) => map.Count > 0 ? map : null;

    private static List<object>? Texts(IEnumerable<string> texts) => texts.Select(t => (object)t).ToList() is { Count: > 0 } list ? list : null;

    private static long? Unless(long value, long usual) => value == usual ? null : value;

    private static string Duration(long seconds)
    {
        var text = new StringBuilder();
        foreach (var (unit, size) in ((char, long)[])[('d', 86_400), ('h', 3_600), ('m', 60), ('s', 1)])
        {
            if (seconds / size > 0)
                text.Append(CultureInfo.InvariantCulture, $"{seconds / size}{unit}");
            seconds %= size;
        }

        return text.ToString();
    }
}
