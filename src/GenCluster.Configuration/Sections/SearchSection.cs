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
    private const int MaxTrialsAllowed = 100_000;
    private const int MaxParallelAllowed = 4_096;
    private const int MaxSeedTrials = 1_024;

    private static readonly TextKey Algorithm =
        new("algorithm", "How configurations are chosen.") { Choices = [.. SearchCatalogue.Samplers.Select(s => s.Name)], Default = "random" };
    private static readonly IntegerKey MaxTrials =
        new("maxTrials", 1, MaxTrialsAllowed, "Trials in all; required when there is something to search.") { Default = 1 };
    private static readonly IntegerKey ParallelTrials = new("parallelTrials", 1, MaxParallelAllowed, "Trials at a time.") { Default = 1 };

    private static readonly ListKey SeedTrials = new(
        "seedTrials", "Configurations to try first; what one leaves open is drawn at random.",
        new FreeKey("seedTrial", "A configuration.", "a map from searched hyperparameters to values") { JsonSchema = """{"type": "object"}""" });

    public static readonly SectionSchema Schema = new(Algorithm, MaxTrials, ParallelTrials, SeedTrials) { Algorithms = SearchCatalogue.Samplers };

    /// <param name="searched">What the file says of each searched hyperparameter.</param>
    /// <param name="searches">Whether there is something to search; null when not known.</param>
    public static SearchSpec Read(
        Section section, ParameterSpace space, IReadOnlyDictionary<string, HyperparameterEntry> searched, bool? searches, DiagnosticList diagnostics)
    {
        string algorithm = section.Text(Algorithm) ?? "";
        var spec = new SearchSpec(
            algorithm,
            (int)section.Integer(MaxTrials),
            (int)section.Integer(ParallelTrials),
            OptionsReader.Read(section, SearchCatalogue.FindSampler(algorithm), diagnostics),
            [.. section.Items(SeedTrials).Take(MaxSeedTrials + 1).Select(node => ReadSeed(section.PathOf(SeedTrials), node, space, searched, diagnostics))]);
        CheckCounts(section, spec, searches, diagnostics);
        if (searches is true && spec.MaxTrials > 1)
            CheckStart(section, spec, diagnostics);
        return spec;
    }

    private static void CheckCounts(Section section, SearchSpec spec, bool? searches, DiagnosticList diagnostics)
    {
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

        int most = Math.Min(MaxSeedTrials, spec.MaxTrials);
        if (isGiven && most > 0 && spec.SeedTrials.Length > most)
            section.Error(DiagnosticCodes.TooManySeedTrials, SeedTrials, $"got {(spec.SeedTrials.Length > MaxSeedTrials ? "more" : spec.SeedTrials.Length)}; write at most {most}");
    }

    /// <summary>Whether an algorithm that learns has trials left once it has seen enough of them.</summary>
    private static void CheckStart(Section section, SearchSpec spec, DiagnosticList diagnostics)
    {
        if (Start(spec.Algorithm) is not { } option)
            return;
        var value = SearchCatalogue.FindSampler(spec.Algorithm)!.Option(spec.Options, option);
        if (value.AsNumber() >= spec.MaxTrials)
        {
            diagnostics.Warning(DiagnosticCodes.TooFewTrials, section.PlaceOf(MaxTrials),
                $"{section.PathOf(MaxTrials)}: {spec.Algorithm} draws its first {value} trials at random ({option}), so with {spec.MaxTrials} it is a random search; write more trials, or a smaller {option}");
        }
    }

    /// <summary>The option that says how many trials are drawn at random first.</summary>
    private static string? Start(string algorithm) => algorithm switch
    {
        "tpe" or "gp" => "startupTrials",
        "genetic" or "nsga2" => "population",
        _ => null,
    };

    private static Assignment ReadSeed(
        string label, Node node, ParameterSpace space, IReadOnlyDictionary<string, HyperparameterEntry> searched, DiagnosticList diagnostics)
    {
        if (node is not MapNode map)
        {
            diagnostics.Error(DiagnosticCodes.WrongType, node.Place, $"{label}: got {node.Describe()}; write {((ListKey)SeedTrials).Item.Allowed}");
            return Assignment.Empty;
        }

        List<Setting> settings = [];
        var known = searched.Values.Select(e => e.Hyperparameter).ToList();
        foreach (var (path, entry) in HyperparameterTree.Read(map.Entries, known, "the search has", label, diagnostics))
        {
            var typed = entry with { IsFree = searched[path].IsFree };
            if (HyperparameterValue.Read(typed, Section.Join(label, path), entry.Value, diagnostics) is not { } value)
                continue;
            settings.Add(new Setting(path, value));
            if (Array.Find(space.Parameters, p => p.Path == path) is { } parameter && !parameter.Distribution.Contains(value))
                diagnostics.Error(DiagnosticCodes.OutOfRange, entry.Value.Place,
                    $"{Section.Join(label, path)}: got {entry.Value.Describe()}, which is not in the search; write a value of {parameter.Distribution.Describe()}");
        }

        return new Assignment([.. settings.Where(s => Array.Exists(space.Parameters, p => p.Path == s.Path))]);
    }
}
