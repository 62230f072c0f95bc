using System.Text;
using System.Text.RegularExpressions;
using GenCluster.Core.Parameters;
using GenCluster.Core.Sweeps;

namespace GenCluster.Configuration.Importers;

/// <summary>Makes a sweep of what an importer understood; what the file does not speak of has the defaults of our own files.</summary>
internal static partial class SpecOfDraft
{
    private const int LongestName = 63;
    private const int MostParallel = 4_096;

    // Read, not written down a second time.
    private static readonly Lazy<SweepSpec> Defaults = new(() => SweepFile.ParseOwn("defaults", Encoding.UTF8.GetBytes("""
        apiVersion: gencluster/v1
        kind: Sweep
        name: defaults
        trainable: {command: ["true"]}
        objective: {metric: loss}
        """)).Spec ?? throw new InvalidOperationException("the smallest sweep file of a program cannot be read"));

    public static SweepSpec Make(SweepDraft draft, string fileName)
    {
        var spec = Defaults.Value;
        int trials = (int)Math.Clamp(draft.MaxTrials ?? SweepDraft.Endless, 1, SweepDraft.Endless);
        int workers = (int)draft.Workers;
        return spec with
        {
            Name = NameOf(draft.Name ?? Path.GetFileNameWithoutExtension(fileName)),
            Trainable = new TrainableSpec(CommandSpec.Model, Assignment.Empty, (draft.Command ?? new CommandSpec([])) with { Resource = draft.StepsMetric }),
            Training = Training(spec.Training, draft),
            Objective = draft.Objective ?? new ObjectiveSpec("", Goal.Minimize),
            Comparison = draft.FurtherObjectives.Count == 0 ? ComparisonSpec.None : new ComparisonSpec([.. draft.FurtherObjectives], []),
            Search = new SearchSpec(draft.Algorithm, trials, (int)Math.Clamp(draft.ParallelTrials, 1, Math.Min(trials, MostParallel)), new Assignment([.. draft.AlgorithmOptions]), [.. draft.SeedTrials]),
            Parameters = new ParameterSpace([.. draft.Parameters]),
            EarlyStopping = draft.EarlyStopping,
            Resources = spec.Resources with { MinWorkers = workers, MaxWorkers = workers, Device = draft.Device },
            Budget = new BudgetSpec((int)Math.Clamp(draft.MaxFailedTrials ?? trials, 0, trials), (int)Math.Clamp(draft.MaxRestarts, 0, 1000), draft.WallClockSeconds, PlateauTrials: (int)Math.Clamp(draft.PlateauTrials, 0, int.MaxValue)),
        };
    }

    /// <summary>A step of a program is a value that it reports, where a file says how many there are.</summary>
    private static TrainingSpec Training(TrainingSpec defaults, SweepDraft draft) => draft.Steps is not { } steps
        ? defaults with { Seed = draft.Seed, BatchSize = (int)draft.Workers, Shards = (int)draft.Workers }
        : defaults with { Seed = draft.Seed, BatchSize = (int)draft.Workers, Shards = (int)draft.Workers, Steps = (int)Math.Min(steps, CommandSpec.NoEnd) };

    /// <summary>The name as ours may be: lower-case letters, digits and hyphens.</summary>
    public static string NameOf(string name)
    {
        string plain = NotAllowed().Replace(name.ToLowerInvariant(), "-");
        string cut = plain.Trim('-') is { Length: > LongestName } all ? all[..LongestName] : plain.Trim('-');
        return cut.Trim('-') is { Length: > 0 } good ? good : "sweep";
    }

    [GeneratedRegex("[^a-z0-9]+")]
    private static partial Regex NotAllowed();
}
