using System.Collections.Immutable;
using GenCluster.Configuration.Diagnostics;
using GenCluster.Configuration.Schema;
using GenCluster.Configuration.Sections;
using GenCluster.Configuration.Yaml;
using GenCluster.Core.Placement;

namespace GenCluster.Configuration;

/// <summary>What came of reading a file of projects.</summary>
/// <param name="Rules">Null when there is an error.</param>
/// <param name="Diagnostics">All mistakes, by position.</param>
public sealed record ProjectsFileResult(ProjectRules? Rules, IReadOnlyList<Diagnostic> Diagnostics);

/// <summary>Reads an operator's file of quotas and weights of projects, in the way of <see cref="SweepFile"/>.</summary>
public static class ProjectsFile
{
    private const int MaxQuota = 1_000_000;

    private static readonly TextKey Kind = new("kind", "What the file describes.") { Choices = ["Projects"], Required = true };
    private static readonly IntegerKey Quota = new("quota", 1, MaxQuota, "Workers that the project may have at one time; default: no limit.");
    private static readonly IntegerKey Weight = new("weight", 1, 1000, "Its part of the workers, compared with other projects.") { Default = 1 };
    private static readonly SectionSchema Rule = new(Quota, Weight);

    private static readonly FreeKey Projects =
        new("projects", "The rules of each project, by its name.", "a map from names of projects to maps with quota and weight") { Required = true };

    private static readonly SectionSchema Schema = new(SweepSchema.ApiVersion, Kind, Projects);

    /// <summary>Reads a file from disk. That there is none is a diagnostic too.</summary>
    public static ProjectsFileResult Load(string path)
    {
        var diagnostics = new DiagnosticList(path);
        return SweepFile.ReadBytes(path, diagnostics) is { } bytes ? Parse(bytes, diagnostics) : new ProjectsFileResult(null, diagnostics.Sorted());
    }

    /// <summary>Reads the bytes of a file.</summary>
    /// <param name="fileName">The name that diagnostics carry; nothing is opened.</param>
    public static ProjectsFileResult Parse(string fileName, ReadOnlySpan<byte> utf8) => Parse(utf8, new DiagnosticList(fileName));

    private static ProjectsFileResult Parse(ReadOnlySpan<byte> utf8, DiagnosticList diagnostics)
    {
        var root = SourceText.Decode(utf8, diagnostics) is { } text ? NodeReader.Read(text, diagnostics) : null;
        var rules = root is null ? null : Read(root, diagnostics);
        return new ProjectsFileResult(diagnostics.HasErrors ? null : rules, diagnostics.Sorted());
    }

    private static ProjectRules Read(Node root, DiagnosticList diagnostics)
    {
        var file = Section.Open(Schema, "", root, root.Place, diagnostics);
        _ = (file.Text(SweepSchema.ApiVersion), file.Text(Kind));
        var rules = ImmutableSortedDictionary.CreateBuilder<string, ProjectRule>(StringComparer.Ordinal);
        if (file.Find(Projects) is not MapNode map)
        {
            if (file.Has(Projects))
                file.Error(DiagnosticCodes.WrongType, Projects, $"got {file.Find(Projects)!.Describe()}; write {Projects.Allowed}");
            return ProjectRules.None;
        }

        foreach (var (name, value) in map.Entries)
        {
            if (!PlacementKeys.ProjectPattern().IsMatch(name.Text))
                diagnostics.Error(DiagnosticCodes.BadText, name.Place, $"projects: {Shown.Quoted(name.Text)} is no name of a project; write {PlacementKeys.ProjectMeaning}");
            var rule = Section.Open(Rule, Section.Join("projects", Shown.Quoted(name.Text)), value, name.Place, diagnostics);
            rules[name.Text] = new ProjectRule(rule.Has(Quota) ? (int)rule.Integer(Quota) : null, (int)rule.Integer(Weight));
        }

        return new ProjectRules(rules.ToImmutable());
    }
}
