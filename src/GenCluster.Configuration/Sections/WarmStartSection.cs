using GenCluster.Configuration.Diagnostics;
using GenCluster.Configuration.Schema;
using GenCluster.Core.Sweeps;

namespace GenCluster.Configuration.Sections;

/// <summary>The section <c>warmStart</c>.</summary>
internal static class WarmStartSection
{
    private static readonly TextKey Sweep = new("sweep", "A sweep that has ended, of the same coordinators or the same folder of runs.")
    {
        Required = true,
        Pattern = PlacementKeys.ProjectPattern(),
        PatternMeaning = PlacementKeys.ProjectMeaning,
    };

    private static readonly IntegerKey Top = new("top", 0, 100_000, "So many of its best trials are evidence for the search.") { Default = 20 };
    private static readonly FlagKey Weights = new("weights", "Whether trials begin with the weights of its best trial.") { Default = false };

    public static readonly SectionSchema Schema = new(Sweep, Top, Weights);

    /// <param name="name">Of the sweep itself.</param>
    /// <param name="shapes">Searched hyperparameters by which networks differ in shape.</param>
    public static WarmStartSpec Read(Section section, string name, bool isProgram, IReadOnlyList<string> shapes)
    {
        int top = (int)section.Integer(Top);
        bool weights = section.Flag(Weights);
        if (weights && isProgram)
            section.Error(DiagnosticCodes.Misplaced, Weights, "got true, but the weights of a program are its own; remove it");
        if (weights && shapes.Count > 0)
            section.Error(DiagnosticCodes.WeightsDoNotFit, Weights,
                $"got true, but the weights of one trial do not fit where {Shown.All(shapes)} {(shapes.Count == 1 ? "differs" : "differ")}; fix {(shapes.Count == 1 ? "it" : "them")} in trainable, or remove weights");
        if (section.Has(Top) && section.Find(Top) is Yaml.ScalarNode { Text: "0" } && !weights)
            section.Error(DiagnosticCodes.NothingTakenOver, Top, "got 0, and no weights are taken over either; write a number of trials, or weights: true");
        string origin = section.Text(Sweep) ?? "";
        if (origin.Length > 0 && origin == name)
            section.Error(DiagnosticCodes.OwnOrigin, Sweep, $"got {Shown.Quoted(origin)}, which is this sweep itself; name one that has ended");
        return new WarmStartSpec(origin, top, weights);
    }
}
