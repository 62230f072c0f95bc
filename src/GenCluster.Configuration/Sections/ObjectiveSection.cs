using GenCluster.Configuration.Diagnostics;
using GenCluster.Configuration.Schema;
using GenCluster.Configuration.Yaml;
using GenCluster.Core.Parameters;
using GenCluster.Core.Sweeps;

namespace GenCluster.Configuration.Sections;

/// <summary>The section <c>objective</c>.</summary>
internal static class ObjectiveSection
{
    private const double Largest = 1e300;

    // What an evaluation of a model of the zoo reports.
    private static readonly string[] MetricsOfModels = ["swd"];

    private static readonly TextKey Metric =
        new("metric", "The metric at a trial's last evaluation; swd is the sliced Wasserstein distance; of a program, any that it reports.") { Default = "swd" };
    private static readonly TextKey Direction = new("goal", "Which way is better.") { Choices = ["minimize", "maximize"], Default = "minimize" };
    private static readonly NumberKey Target = new("target", -Largest, Largest, "The sweep ends when a trial is at least as good; default: never for that.");

    private static readonly ListKey Also = new(
        "also", "Further objectives; then there is no best trial but a Pareto front.",
        new MapKey("objective", "An objective.", new SectionSchema(Metric with { Required = true, Default = null }, Direction)));

    private static readonly ListKey Constraints = new(
        "constraints", "What must hold of a trial's metrics; one that does not meet it is worse than all that do.",
        new TextKey("constraint", "A condition about metrics.") { PatternMeaning = "a condition like \"fid <= 40\"" });

    public static readonly SectionSchema Schema = new(Metric, Direction, Target, Also, Constraints);

    public static (ObjectiveSpec Objective, ComparisonSpec Comparison) Read(Section section, bool isProgram, DiagnosticList diagnostics)
    {
        if (isProgram && !section.Has(Metric))
            section.Error(DiagnosticCodes.MissingKey, Metric, $"missing, but a program reports metrics of its own; write {Metric.Allowed}");
        var objective = ReadOne(section, Metric, isProgram) with { Target = section.Number(Target) };
        List<ObjectiveSpec> others = [];
        foreach (var node in section.Items(Also))
        {
            var schema = ((MapKey)Also.Item).Schema;
            var one = Section.Open(schema, section.PathOf(Also), node, node.Place, diagnostics);
            var other = ReadOne(one, (TextKey)schema.Keys[0], isProgram);
            if (other.Metric.Length > 0 && others.Append(objective).Any(o => o.Metric == other.Metric))
                one.Error(DiagnosticCodes.RepeatedObjective, Metric, $"{Shown.Quoted(other.Metric)} is an objective already; remove one of the two");
            others.Add(other);
        }

        return (objective, new ComparisonSpec([.. others], [.. ReadConstraints(section, isProgram, diagnostics)]));
    }

    private static ObjectiveSpec ReadOne(Section section, TextKey metric, bool isProgram)
    {
        var key = isProgram ? metric : metric with { Choices = MetricsOfModels };
        return new ObjectiveSpec(section.Text(key) ?? "", section.Text(Direction) is "maximize" ? Goal.Maximize : Goal.Minimize);
    }

    private static IEnumerable<Predicate> ReadConstraints(Section section, bool isProgram, DiagnosticList diagnostics)
    {
        var conditions = new Conditions([], isFree: true, _ => null, diagnostics);
        foreach (var node in section.Items(Constraints))
        {
            if (conditions.Expression(section.PathOf(Constraints), node, Constraints.Item.Allowed) is not { } constraint)
                continue;
            foreach (string name in isProgram ? [] : constraint.Names.Except(MetricsOfModels))
                diagnostics.Error(DiagnosticCodes.UnknownName, node.Place, $"{section.PathOf(Constraints)}: no metric {Shown.Quoted(name)}; an evaluation gives {string.Join(", ", MetricsOfModels)}");
            yield return constraint;
        }
    }
}
