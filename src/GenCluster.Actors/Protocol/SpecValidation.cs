using GenCluster.Core.Parameters;
using GenCluster.Core.Placement;
using GenCluster.Core.Sweeps;
using GenCluster.Search;

namespace GenCluster.Actors.Protocol;

/// <summary>
/// What a submitted sweep must hold for the coordinator to carry it. Whether it makes sense as a sweep was checked where
/// its file was read; here it is only made sure that nothing in it can break an actor.
/// </summary>
internal static class SpecValidation
{
    private const int MaxNameLength = 128;
    private const int MaxText = 4_096;
    private const int MaxParameters = 1_024;
    private const int MaxTrials = 100_000; // what a sweep file may say, too
    private const int MaxParallelTrials = 4_096; // each has an actor while it lives
    private const int MaxShards = 4_096;

    /// <summary>What is wrong with it, for a log; null when it is sound.</summary>
    public static string? FaultOf(SweepSpec? spec)
    {
        if (spec is not
            {
                Trainable.Settings: not null, Data.Dataset: not null, Training: not null, Evaluation: not null,
                Objective: not null, Search.Algorithm: not null, Parameters: not null, Resources.Device: not null, Budget: not null,
            })
        {
            return "no sweep, or one without a part";
        }

        return Name("sweep", spec.Name)
            ?? Name("model", spec.Trainable.Model)
            ?? Name("data set", spec.Data.Dataset)
            ?? (spec.Data.Path?.Length > MaxText ? "a path of the data that is too long" : null)
            ?? Name("metric", spec.Objective.Metric)
            ?? (Enum.IsDefined(spec.Objective.Goal) ? null : $"goal {(int)spec.Objective.Goal}")
            ?? FaultOf(spec.Training)
            ?? FaultOf(spec.Search)
            ?? FaultOf(spec.Resources)
            ?? FaultOf(spec.Trainable.Settings)
            ?? FaultOf(spec.Parameters);
    }

    private static string? FaultOf(TrainingSpec training) => training is { Steps: > 0, BatchSize: > 0, Shards: > 0, EvaluateEvery: >= 0, CheckpointEvery: >= 0 } && training.Shards <= MaxShards
        ? null
        : $"{training.Steps} steps of {training.BatchSize} in {training.Shards} shards";

    private static string? FaultOf(SearchSpec search)
    {
        if (Samplers.Find(search.Algorithm) is null)
            return $"an unknown search algorithm; known are {string.Join(", ", Samplers.All.Select(s => s.Name))}";
        return search is { MaxTrials: > 0 and <= MaxTrials, ParallelTrials: > 0 and <= MaxParallelTrials } && search.ParallelTrials <= search.MaxTrials
            ? null
            : $"{search.MaxTrials} trials, {search.ParallelTrials} at a time";
    }

    private static string? FaultOf(ResourceSpec resources)
    {
        if (resources.MinWorkers <= 0 || resources.MaxWorkers < resources.MinWorkers)
            return $"{resources.MinWorkers} to {resources.MaxWorkers} workers";
        if (resources is not { MinRuntimeSeconds: >= 0, Memory: >= 0 and <= ByteSize.Max })
            return $"a minimum run time of {resources.MinRuntimeSeconds} s, {resources.Memory} bytes of memory";
        return Name("device", resources.Device) ?? Name("project", resources.Project);
    }

    private static string? FaultOf(Assignment assignment) => assignment.Settings.Length > MaxParameters
        ? $"{assignment.Settings.Length} settings; allowed are {MaxParameters}"
        : assignment.Settings.Select(s => Name("hyperparameter", s.Path) ?? FaultOf(s.Value)).FirstOrDefault(f => f is not null)
            ?? Twice(assignment.Settings.Select(s => s.Path));

    private static string? FaultOf(ParameterSpace space) => space.Parameters.Length > MaxParameters
        ? $"{space.Parameters.Length} parameters; allowed are {MaxParameters}"
        : space.Parameters.Select(p => Name("hyperparameter", p.Path) ?? FaultOf(p.Distribution)).FirstOrDefault(f => f is not null)
            ?? Twice(space.Parameters.Select(p => p.Path));

    private static string? Twice(IEnumerable<string> paths) =>
        paths.GroupBy(path => path, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1) is { } twice ? $"hyperparameter '{twice.Key}' twice" : null;

    private static string? FaultOf(Distribution? distribution) => distribution switch
    {
        Constant constant => FaultOf(constant.Value),
        Categorical { Values: { Length: > 0 } values } choice when choice.Probabilities is null || choice.Probabilities.Length == values.Length =>
            values.Select(FaultOf).FirstOrDefault(f => f is not null),
        Categorical => "a choice without values, or with odd probabilities",
        Uniform range => Range(range.Min, range.Max),
        LogUniform range => range.Min > 0 ? Range(range.Min, range.Max) : "a logarithm of what is not above zero",
        IntUniform range => range.Min <= range.Max ? null : $"a range from {range.Min} to {range.Max}",
        _ => "no distribution",
    };

    private static string? FaultOf(ParameterValue value) => value.Kind switch
    {
        ParameterKind.Text => value.Text is { Length: <= MaxText } ? null : "no text, or too long a one",
        ParameterKind.Number => double.IsFinite(value.Number) ? null : $"the value {value.Number}",
        ParameterKind.Integer or ParameterKind.Flag => null,
        _ => $"a value of kind {(int)value.Kind}",
    };

    private static string? Range(double min, double max) =>
        double.IsFinite(min) && double.IsFinite(max) && min <= max ? null : $"a range from {min} to {max}";

    private static string? Name(string what, string? name) =>
        name is { Length: > 0 and <= MaxNameLength } && !name.Any(char.IsControl) ? null : $"no name of a {what}, or an unfit one";
}
