using GenCluster.Configuration.Diagnostics;
using GenCluster.Configuration.Schema;
using GenCluster.Configuration.Yaml;
using GenCluster.Core.Parameters;
using GenCluster.Core.Search;
using GenCluster.Core.Sweeps;

namespace GenCluster.Configuration.Sections;

/// <summary>The section <c>search</c>.</summary>
internal static class SearchSection
{
    public static readonly IReadOnlyList<string> Algorithms = [.. SearchCatalogue.Samplers.Select(s => s.Name)];

    private const int MaxTrialsAllowed = 100_000;

    private static readonly TextKey Algorithm = new("algorithm", "How configurations are chosen.") { Choices = Algorithms, Default = "random" };
    private static readonly IntegerKey MaxTrials =
        new("maxTrials", 1, MaxTrialsAllowed, "Trials in all; required when there is something to search.") { Default = 1 };
    private static readonly IntegerKey ParallelTrials = new("parallelTrials", 1, MaxTrialsAllowed, "Trials at a time.") { Default = 1 };

    public static readonly SectionSchema Schema = new(Algorithm, MaxTrials, ParallelTrials);

    /// <param name="searches">Whether there is something to search; null when not known.</param>
    public static SearchSpec Read(Section section, bool? searches, DiagnosticList diagnostics)
    {
        var spec = new SearchSpec(section.Text(Algorithm) ?? "", (int)section.Integer(MaxTrials), (int)section.Integer(ParallelTrials));
        bool isGiven = section.Has(MaxTrials);
        if (searches is true && !isGiven)
            section.Error(DiagnosticCodes.MissingKey, MaxTrials, $"missing, but there are parameters to search; write {MaxTrials.Allowed}");
        if (searches is false && spec.MaxTrials > 1)
        {
            diagnostics.Warning(DiagnosticCodes.NothingToSearch, section.PlaceOf(MaxTrials),
                $"{section.PathOf(MaxTrials)}: got {spec.MaxTrials}, but there is nothing to search, so all trials would be equal; "
                + "add parameters or remove it");
        }

        if (isGiven && spec.MaxTrials > 0 && spec.ParallelTrials > spec.MaxTrials)
        {
            section.Error(DiagnosticCodes.TooManyParallelTrials, ParallelTrials,
                $"got {spec.ParallelTrials}, but there are only {spec.MaxTrials} trials; write at most {spec.MaxTrials}, or raise maxTrials");
        }

        return spec;
    }
}
