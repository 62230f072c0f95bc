using System.Diagnostics;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using GenCluster.Configuration.Diagnostics;
using GenCluster.Configuration.Yaml;

namespace GenCluster.Configuration.Tests.Importers;

/// <summary>Files of other tools that are broken by chance or by intent: there is always an answer, soon, and in little memory.</summary>
public sealed class HostileImportTests
{
    private const double GenerousSeconds = 5; // the promise is 0.2; a busy machine must not fail the test
    private const long MaxAllocated = 150_000_000;

    private static readonly byte[][] Samples =
    [
        .. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Importers", "Files")).Where(f => !f.EndsWith(".expected.txt", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal).Select(File.ReadAllBytes),
    ];

    // What YAML or a tool gives a meaning to, so that mutations reach far.
    private static readonly string[] Pieces =
    [
        "[", "]", "{", "}", ":", ": ", ",", "- ", "\n", "\n  ", "&a ", "*a", "<<: *a", "!!int ", "!!str ", "'", "\"", "#", "null", "~", "-1", "0", "1e999", "1e-4", ".5", "0x", "_", "yes", "a",
        "min", "max", "value", "values", "parameters", "distribution: q_uniform", "(", ")", "choice(", "interval(", "tune.", "${", "}", "${args}", "::", "'", "\\", "é", "\t",
    ];

    private static readonly Dictionary<string, string> Contents = new()
    {
        ["doubling aliases"] = "program: p\nmethod: grid\nparameters:\n  a0: &a0 {value: [1, 2]}\n" + string.Concat(Enumerable.Range(1, 40).Select(i => $"  a{i}: &a{i} {{parameters: {{x: *a{i - 1}, y: *a{i - 1}}}}}\n")),
        ["an alias of itself"] = "program: p\nmethod: grid\nparameters: &a {x: *a}\n",
        ["many merges"] = "program: p\nmethod: grid\nbase: &b {" + string.Join(", ", Enumerable.Range(0, 2000).Select(i => $"k{i}: 1")) + "}\nparameters:\n" + string.Concat(Enumerable.Range(0, 500).Select(i => $"  p{i}: {{<<: *b}}\n")),
        ["deep groups"] = "program: p\nmethod: grid\nparameters: " + string.Concat(Enumerable.Repeat("{a: {parameters: ", 40)),
        ["many parameters"] = "program: p\nmethod: grid\nparameters:\n" + string.Concat(Enumerable.Range(0, 4000).Select(i => $"  p{i}: {{values: [1]}}\n")),
        ["many mistakes"] = "program: p\nmethod: grid\nparameters:\n" + string.Concat(Enumerable.Range(0, 6000).Select(i => $"  p{i}: 1\n")),
        ["many values"] = "program: p\nmethod: grid\nmetric: {name: a}\nparameters: {a: {values: [" + string.Join(',', Enumerable.Range(0, 15_000)) + "]}}",
        ["a long call"] = "hydra: {sweeper: {params: {a: 'choice(" + new string('(', 10_000) + "'}}}",
        ["many choices"] = "hydra: {sweeper: {params: {a: '" + string.Join(',', Enumerable.Range(0, 30_000)) + "'}}}",
        ["a long range"] = "matrix: {kind: random, numRuns: 3, params: {a: {kind: range, value: '0:1e300:1e-300'}}}",
        ["a long list as a value"] = "program: p\nmethod: grid\nparameters: {a: {value: [" + string.Join(',', Enumerable.Repeat("[[1]]", 3000)) + "]}}",
        ["a long command line"] = "trialCommand: " + new string('\'', 100_000) + "\nsearchSpace: {a: {_type: choice, _value: [1]}}",
        ["an enormous step"] = "program: p\nmethod: random\nmetric: {name: a}\nparameters: {a: {distribution: q_uniform, min: -1.0e+300, max: 1.0e+300, q: 1.0e-300}}",
    };

    public static TheoryData<string> Names => [.. Contents.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Is_answered_quickly_and_in_little_memory(string name)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(Contents[name]);
        var clock = Stopwatch.StartNew();
        long before = GC.GetAllocatedBytesForCurrentThread();

        var result = SweepFile.Import("hostile.yaml", bytes);

        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        double seconds = clock.Elapsed.TotalSeconds;
        TestContext.Current.TestOutputHelper?.WriteLine($"{seconds * 1000:f0} ms, {allocated / 1e6:f1} MB: {string.Join(" ", result.Diagnostics.Take(1))}");
        result.Diagnostics.Count.ShouldBeInRange(1, DiagnosticList.Limit + 1);
        result.Diagnostics.ShouldAllBe(d => d.Message.Length < 2000);
        allocated.ShouldBeLessThan(MaxAllocated);
        seconds.ShouldBeLessThan(GenerousSeconds);
    }

    [Property(MaxTest = 3000)]
    public Property A_sample_with_pieces_put_in_and_cut_out_never_throws()
    {
        var edit = from place in Gen.Choose(0, 100_000)
                   from cut in Gen.Choose(0, 12)
                   from piece in Gen.Elements(Pieces)
                   select (place, cut, piece);
        var edits = from sample in Gen.Choose(0, Samples.Length - 1) from list in edit.ArrayOf().Resize(4) select (sample, list);
        return Prop.ForAll(edits.ToArbitrary(), change =>
        {
            byte[] bytes = Samples[change.sample];
            foreach (var (place, cut, piece) in change.list)
            {
                int from = place % (bytes.Length + 1), to = Math.Min(from + cut, bytes.Length);
                bytes = [.. bytes[..from], .. Encoding.UTF8.GetBytes(piece), .. bytes[to..]];
            }

            Judge(bytes);
        });
    }

    [Fact]
    public void Aliases_and_merges_are_read_in_files_of_other_tools()
    {
        var root = NodeReader.Read("a: &x {k: 1, l: 2}\nb: *x\nc: {<<: *x, k: 3}\nd: {k: 4, <<: [*x, {m: 5}]}\n", new DiagnosticList("f"), foreign: true).ShouldBeOfType<MapNode>();

        Texts(root, "b").ShouldBe("k=1 l=2");
        Texts(root, "c").ShouldBe("k=3 l=2");
        Texts(root, "d").ShouldBe("k=4 l=2 m=5");

        static string Texts(MapNode map, string key) => string.Join(' ', ((MapNode)map.Find(key)!).Entries.Select(e => $"{e.Key.Text}={((ScalarNode)e.Value).Text}"));
    }

    private static void Judge(byte[] bytes)
    {
        foreach (var result in (SweepFileResult[])[SweepFile.Import("any.yaml", bytes), SweepFile.Parse("any.yaml", bytes)])
        {
            if (result.Spec is null)
                result.Diagnostics.ShouldContain(d => d.Severity == Severity.Error);
            else
                result.Spec.Parameters.Parameters.ShouldAllBe(p => p.Distribution.Fault == null);
            result.Diagnostics.ShouldAllBe(d => d.Line >= 1 && d.Column >= 1 && d.Message.Length > 0);
        }
    }
}
