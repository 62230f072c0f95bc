using GenCluster.Configuration.Schema;
using GenCluster.Core.Sweeps;

namespace GenCluster.Configuration.Sections;

/// <summary>The section <c>objective</c>.</summary>
internal static class ObjectiveSection
{
    private static readonly TextKey Metric =
        new("metric", "The metric at a trial's last evaluation; swd is the sliced Wasserstein distance.") { Choices = ["swd"], Default = "swd" };
    private static readonly TextKey Direction = new("goal", "Which way is better.") { Choices = ["minimize", "maximize"], Default = "minimize" };

    public static readonly SectionSchema Schema = new(Metric, Direction);

    public static ObjectiveSpec Read(Section section) =>
        new(section.Text(Metric) ?? "", section.Text(Direction) is "maximize" ? Goal.Maximize : Goal.Minimize);
}
