using System.Globalization;
using GenCluster.Configuration.Diagnostics;
using GenCluster.Configuration.Exporters;
using GenCluster.Core.Parameters;

namespace GenCluster.Configuration.Tests.Importers;

/// <summary>
/// Files of other tools with an index of them (INDEX.tsv, its columns named in the first line: file, method, parameters, …): each
/// is read as its row says, or refused. The index beside this test; or that of a folder of real files, which
/// GENCLUSTER_SWEEP_FILES names.
/// </summary>
public sealed class ShelfTests
{
    private static readonly string Folder =
        Environment.GetEnvironmentVariable("GENCLUSTER_SWEEP_FILES") ?? Path.Combine(AppContext.BaseDirectory, "Importers");

    [Fact]
    public void Each_file_is_read_as_its_row_says_or_refused_with_a_reason()
    {
        var rows = File.ReadAllLines(Path.Combine(Folder, "INDEX.tsv")).Select(l => l.Split('\t')).ToList();
        var columns = rows[0].Index().ToDictionary(c => c.Item, c => c.Index);
        var wrong = new List<string>();
        foreach (string[] row in rows.Skip(1))
        {
            string file = row[columns["file"]];
            var result = SweepFile.Import(file, File.ReadAllBytes(Path.Combine(Folder, file)));
            if (row[columns["method"]] == "refused" && result.Spec is not null)
                wrong.Add($"{file}: read, and not refused");
            Tell($"{file}: {(result.Spec is null ? "REFUSED" : "read")} as {result.ForeignKind}");
            foreach (var diagnostic in result.Diagnostics.Where(d => Environment.GetEnvironmentVariable("GENCLUSTER_SWEEP_TALK") == "1" || d.Severity is Severity.Error))
                Tell($"    {diagnostic.Line}:{diagnostic.Column} {diagnostic.Word} {diagnostic.Code} {diagnostic.Message}");
            if (result.Spec is { } spec)
            {
                wrong.AddRange(SweepWriter.Write(spec).Faults.Select(f => $"{file}: written as ours: {f}"));
                int expected = int.Parse(row[columns["parameters"]], CultureInfo.InvariantCulture);
                int searched = spec.Parameters.Parameters.Count(p => p.Distribution is not Constant);
                Tell($"    {spec.Search.Algorithm}, {spec.Search.MaxTrials} trials, {spec.Parameters.Parameters.Length} parameters ({searched} searched), row: {row[columns["method"]]} {expected}");
                if (spec.Parameters.Parameters.Length != expected && searched != expected && spec.Search.SeedTrials.Length != expected)
                    wrong.Add($"{file}: {spec.Parameters.Parameters.Length} parameters, {searched} of them searched, not {expected}");
            }
            else if (!result.Diagnostics.Any(d => d.Severity is Severity.Error))
                wrong.Add($"{file}: refused without a reason");
            else if (result.ForeignKind is null)
                wrong.Add($"{file}: not recognised");
        }

        wrong.ShouldBeEmpty();
    }

    private static void Tell(string line) => TestContext.Current.TestOutputHelper?.WriteLine(line);
}
