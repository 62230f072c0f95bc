using GenCluster.Core.Parameters;
using GenCluster.Core.Sweeps;

namespace GenCluster.Configuration.Exporters;

/// <summary>What another tool's file cannot say of a sweep.</summary>
internal sealed class ExportNotes(string tool)
{
    private readonly List<string> notes = [];
    private readonly List<string> faults = [];

    public void Note(string message) => notes.Add(message);

    public void Fault(string message) => faults.Add(message);

    /// <summary>What neither W&amp;B nor Katib has.</summary>
    public void SayCommon(SweepSpec spec)
    {
        if (spec.Trainable.Command is null)
            Fault($"trainable: {tool} runs programs, and this sweep trains a model of GenCluster ({spec.Trainable.Model}); only sweeps with trainable.command can be written so");
        foreach (var parameter in spec.Parameters.Parameters.Where(p => p.When is not null))
            Note($"parameters.{parameter.Path}: {tool} has no conditions, so all trials have it (when: {parameter.When})");
        if (spec.Parameters.Constraints.Length > 0)
            Note($"constraints: {tool} has none; they are left out");
        if (spec.Comparison.Constraints.Length > 0)
            Note($"objective.constraints: {tool} has none; they are left out");
        if (spec.Search.SeedTrials.Length > 0)
            Note($"search.seedTrials: {tool} takes no configurations to try first; they are left out");
        if (spec.WarmStart is not null)
            Note($"warmStart: {tool} has none; it is left out");
        if (spec.Budget is { WallClockSeconds: > 0 } or { DeviceHours: > 0 } or { PlateauTrials: > 0 } or { MaxRestarts: > 0 })
            Note($"budget: of its limits {tool} has those on trials only; the others are left out");
        if (spec.Trainable.Command is { Folder: not null })
            Note($"trainable.workingDirectory: {tool} runs a program where it is started; it is left out");
    }

    public ExportResult Result(YamlMap file) => new(faults.Count == 0 ? YamlText.Write(file) : null, faults, notes);

    /// <summary>Whether an algorithm's options are at their defaults; else it is said that they are left out.</summary>
    public void SayOptions(string section, Assignment options)
    {
        if (options.Settings.Length > 0)
            Note($"{section}: {tool} has no such options ({options}); they are left out");
    }
}
