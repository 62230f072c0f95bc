using System.Globalization;
using GenCluster.Cli.Watching;
using GenCluster.Core.Parameters;
using GenCluster.Core.Search;
using GenCluster.Core.Sweeps;

namespace GenCluster.Cli.Planning;

/// <summary>What a sweep searches by, when trials and the sweep end: every choice in force, with what the file leaves at its default.</summary>
internal static class PlanRules
{
    private const int Widest = 100;

    /// <summary>Lines, each with a label where a subject begins.</summary>
    public static IEnumerable<(string Label, string Line)> Of(SweepSpec spec)
    {
        foreach (var further in Objectives(spec))
            yield return ("", further);
        yield return ("search", $"{spec.Search.Algorithm}, seed {spec.Training.Seed}");
        foreach (string line in Options(SearchCatalogue.FindSampler(spec.Search.Algorithm), spec.Search.Options))
            yield return ("", line);
        foreach (var seed in spec.Search.SeedTrials)
            yield return ("", $"first {seed}");
        if (spec.WarmStart is { } start)
            yield return ("", $"{Words.Count(start.Top, "best trial")} of {start.Sweep} as evidence{(start.Weights ? ", and the weights of its best" : "")}");
        yield return ("stopping", spec.EarlyStopping?.Type ?? "no trial before its last step");
        foreach (string line in spec.EarlyStopping is { } rule ? Options(SearchCatalogue.FindScheduler(rule.Type), rule.Options) : [])
            yield return ("", line);
        yield return ("budget", string.Join(", ", Budget(spec)));
    }

    /// <summary>All options of an algorithm that have an effect, by name, at the values in force.</summary>
    public static IEnumerable<(string Name, ParameterValue Value)> InForce(AlgorithmDescription? algorithm, Assignment given) =>
        algorithm?.Options.Where(o => algorithm.Unmet(given, o.Path) is null).Select(o => (o.Path, algorithm.Option(given, o.Path))) ?? [];

    private static IEnumerable<string> Objectives(SweepSpec spec)
    {
        if (spec.Objective.Target is { } target)
            yield return $"ends when {spec.Objective.Metric} is at {(spec.Objective.Goal is Goal.Minimize ? "most" : "least")} {Number(target)}";
        foreach (var other in spec.Comparison.Others)
            yield return $"and {other.Goal.ToString().ToLowerInvariant()} {other.Metric}";
        foreach (var constraint in spec.Comparison.Constraints)
            yield return $"where {constraint}";
    }

    private static IEnumerable<string> Budget(SweepSpec spec)
    {
        var budget = spec.Budget;
        yield return budget.WallClockSeconds > 0 ? Numbers.Duration(TimeSpan.FromSeconds(budget.WallClockSeconds)) : "any time";
        yield return budget.DeviceHours > 0 ? $"{Number(budget.DeviceHours)} device hours" : "any device hours";
        yield return budget.MaxFailedTrials >= spec.Search.MaxTrials ? "any failed trials" : $"at most {Words.Count(budget.MaxFailedTrials, "failed trial")}";
        yield return budget.MaxRestarts == 0 ? "no restarts" : $"{Words.Count(budget.MaxRestarts, "restart")} of a trial";
        if (budget.PlateauTrials > 0)
            yield return $"ends after {Words.Count(budget.PlateauTrials, "trial")} without an improvement by more than {Number(budget.PlateauMinDelta)}";
    }

    private static IEnumerable<string> Options(AlgorithmDescription? algorithm, Assignment given)
    {
        string line = "";
        foreach (var (name, value) in InForce(algorithm, given))
        {
            string option = value.ToString().Length == 0 ? $"{name} none" : $"{name} {value}";
            if (line.Length > 0 && line.Length + option.Length > Widest)
            {
                yield return line + ",";
                line = "";
            }

            line += line.Length == 0 ? option : $", {option}";
        }

        if (line.Length > 0)
            yield return line;
    }

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
