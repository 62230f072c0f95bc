using GenCluster.Configuration.Diagnostics;
using GenCluster.Configuration.Schema;
using GenCluster.Configuration.Yaml;
using GenCluster.Core.Parameters;
using GenCluster.Core.Search;

namespace GenCluster.Configuration.Sections;

/// <summary>Reads the options of an algorithm, which stand beside its name.</summary>
internal static class OptionsReader
{
    /// <summary>Those that are not at their defaults.</summary>
    /// <param name="chosen">Null: not known, so that nothing can be checked.</param>
    public static Assignment Read(Section section, AlgorithmDescription? chosen, DiagnosticList diagnostics)
    {
        if (chosen is null)
            return Assignment.Empty;
        string[] own = [.. section.Schema.Keys.Select(k => k.Name)];
        List<Setting> settings = [];
        List<ScalarNode> keys = [];
        foreach (var (key, value) in section.Entries.Where(e => !own.Contains(e.Key.Text)).Take(DiagnosticList.Limit + 1))
        {
            if (chosen.Options.FirstOrDefault(o => o.Path == key.Text) is not { } option)
                ReportUnknown(section, chosen, key, diagnostics);
            else if (HyperparameterValue.Read(option, Section.Join(section.Path, option.Path), value, diagnostics) is { } given && given != option.Default)
            {
                settings.Add(new Setting(option.Path, given));
                keys.Add(key);
            }
        }

        var options = new Assignment([.. settings]);
        foreach (var key in keys)
        {
            if (chosen.Unmet(options, key.Text) is { } scope)
                diagnostics.Error(DiagnosticCodes.OptionOfAnother, key.Place,
                    $"{Section.Join(section.Path, key.Text)}: has no effect where {scope.Of} is {chosen.Option(options, scope.Of)}, only with {string.Join(" or ", scope.Values)}; "
                    + $"remove it, or write {scope.Of}: {scope.Values[0]}");
        }

        return options;
    }

    private static void ReportUnknown(Section section, AlgorithmDescription chosen, ScalarNode key, DiagnosticList diagnostics)
    {
        string[] others = [.. section.Schema.Algorithms.Where(a => a.Options.Any(o => o.Path == key.Text)).Select(a => a.Name)];
        string[] known = [.. section.Schema.Keys.Select(k => k.Name), .. chosen.Options.Select(o => o.Path)];
        if (others.Length > 0)
            diagnostics.Error(DiagnosticCodes.OptionOfAnother, key.Place,
                $"{Section.Join(section.Path, key.Text)}: {chosen.Name} has no such option, {Shown.All(others)} {(others.Length == 1 ? "has" : "have")}; remove it, "
                + $"known here are {string.Join(", ", known)}");
        else
            diagnostics.Error(DiagnosticCodes.UnknownKey, key.Place,
                $"{section.Path}: unknown key {Shown.Quoted(key.Text)}; the nearest known key is {Nearest.To(key.Text, known)}, known are {string.Join(", ", known)}");
    }
}
