using GenCluster.Configuration.Diagnostics;
using GenCluster.Configuration.Schema;
using GenCluster.Core.Sweeps;

namespace GenCluster.Configuration.Sections;

/// <summary>The section <c>budget</c>.</summary>
internal static class BudgetSection
{
    private const long MaxSeconds = 3_660L * 24 * 3_600;

    private static readonly TextKey WallClock =
        new("wallClock", "The sweep ends so long after it was submitted; default: never for that.") { Pattern = Duration.Pattern, PatternMeaning = Duration.Allowed };

    private static readonly NumberKey GpuHours =
        new("gpuHours", 1e-6, 1e9, "The sweep ends when its workers, one device each, have been at work so long in all, a CPU worker counts too; default: never for that.");

    private static readonly IntegerKey MaxFailedTrials =
        new("maxFailedTrials", 0, 100_000, "The sweep ends when more trials have failed; default: it never ends for that.");

    private static readonly IntegerKey MaxRestarts =
        new("maxRestarts", 0, 1_000, "How often a trial is begun again from its checkpoint after failing through its own doing; lost and broken machines never count.") { Default = 0 };

    private static readonly IntegerKey PlateauTrials = new("trials", 1, 100_000, "So many trials in a row that end without a better objective.") { Required = true };
    private static readonly NumberKey MinDelta = new("minDelta", 0, 1e100, "What counts as better: by more than this.") { Default = 0 };
    private static readonly MapKey Plateau = new("plateau", "The sweep ends when it no longer gets better; default: never for that.", new SectionSchema(PlateauTrials, MinDelta));

    public static readonly SectionSchema Schema = new(WallClock, GpuHours, MaxFailedTrials, MaxRestarts, Plateau);

    public static BudgetSpec Read(Section section, SearchSpec search)
    {
        int failed = (int)section.Integer(MaxFailedTrials, otherwise: search.MaxTrials);
        if (search.MaxTrials > 0 && failed > search.MaxTrials)
            section.Error(DiagnosticCodes.TooManyFailedTrials, MaxFailedTrials,
                $"got {failed}, but there are only {search.MaxTrials} trials; write at most {search.MaxTrials}");
        var plateau = section.Has(Plateau) ? section.Child(Plateau) : null;
        return new BudgetSpec(
            failed,
            (int)section.Integer(MaxRestarts),
            Duration.Read(section, WallClock, MaxSeconds, least: 1),
            section.Number(GpuHours) ?? 0,
            (int)(plateau?.Integer(PlateauTrials) ?? 0),
            plateau?.Number(MinDelta) ?? 0);
    }
}
