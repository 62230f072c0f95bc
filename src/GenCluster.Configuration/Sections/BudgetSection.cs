using GenCluster.Configuration.Diagnostics;
using GenCluster.Configuration.Schema;
using GenCluster.Core.Sweeps;

namespace GenCluster.Configuration.Sections;

/// <summary>The section <c>budget</c>.</summary>
internal static class BudgetSection
{
    private static readonly IntegerKey MaxFailedTrials =
        new("maxFailedTrials", 0, 100_000, "The sweep ends when more trials have failed; default: it never ends for that.");

    private static readonly IntegerKey MaxRestarts =
        new("maxRestarts", 0, 1_000, "How often a trial is begun again from its checkpoint after failing through its own doing; lost and broken machines never count.") { Default = 0 };

    public static readonly SectionSchema Schema = new(MaxFailedTrials, MaxRestarts);

    public static BudgetSpec Read(Section section, SearchSpec search)
    {
        int failed = (int)section.Integer(MaxFailedTrials, otherwise: search.MaxTrials);
        if (search.MaxTrials > 0 && failed > search.MaxTrials)
            section.Error(DiagnosticCodes.TooManyFailedTrials, MaxFailedTrials,
                $"got {failed}, but there are only {search.MaxTrials} trials; write at most {search.MaxTrials}");
        return new BudgetSpec(failed, (int)section.Integer(MaxRestarts));
    }
}
