using System.Diagnostics;
using System.Text;
using GenCluster.Configuration.Diagnostics;
using GenCluster.Configuration.Yaml;

namespace GenCluster.Configuration.Tests;

/// <summary>Files made to cost time, memory or the process.</summary>
public sealed class HostileFileTests
{
    private const long MaxAllocated = 100_000_000;
    private const double GenerousSeconds = 5; // the promise is 0.2; a busy machine must not fail the test

    private static readonly Dictionary<string, string> Contents = new()
    {
        ["brackets"] = new('[', 10_000_000),
        ["brackets within the size"] = new('[', SourceText.MaxBytes),
        ["braces"] = new('{', SourceText.MaxBytes),
        ["nested dashes"] = Repeat("- "),
        ["nested question marks"] = Repeat("? "),
        ["nested maps in one line"] = Repeat("{a: "),
        ["a staircase of maps"] = string.Concat(Enumerable.Range(0, 700).Select(i => new string(' ', i) + "a:\n")),
        ["one long word"] = new('x', SourceText.MaxBytes),
        ["one long key"] = Texts.Smallest + "\n" + new string('x', 100_000) + ": 1",
        ["one long number"] = Texts.Smallest.Replace("100", new string('9', 200_000), StringComparison.Ordinal),
        ["one long quoted text"] = "\"" + new string('x', 250_000),
        ["many keys"] = Texts.Smallest + "\n" + string.Concat(Enumerable.Range(0, 6_000).Select(i => $"unknown-key-with-a-rather-{i}: 1\n")),
        ["many parameters"] = Texts.Smallest + "\nparameters:\n" + string.Concat(Enumerable.Range(0, 3_500).Select(i => $"  optimizer.generator.parameter{i}: {{value: 1}}\n")),
        ["many values"] = Texts.Smallest + "\nparameters: {latent: {values: [" + string.Join(',', Enumerable.Range(1, 15_000)) + "]}}",
        ["many equal keys"] = Repeat("a: 1\n"),
        ["many empty lines"] = Repeat("\n"),
        ["many comments"] = Repeat("#\n"),
        ["many documents"] = Repeat("---\n"),
        ["many anchors"] = "[" + Repeat("&a 1,"),
        ["many aliases"] = "[&a 1," + Repeat("*a,"),
        ["many tags"] = "[" + Repeat("!a 1,"),
        ["many percent signs"] = Repeat("%"),
        ["many exclamation marks"] = Repeat("!"),
        ["many quotes"] = Repeat("'"),
        ["many tabs"] = Repeat("\ta\n"),
        ["many colons"] = Repeat(":"),
        ["many colons apart"] = Repeat(": "),
        ["many pipes"] = Repeat("|\n"),
        ["many commas"] = "[" + Repeat(","),
        ["a directive with a long version"] = "%YAML 1." + new string('9', 1000) + "\n---\na",
        ["an unknown directive"] = "%HELLO world\n---\na",
        ["an escape beyond Unicode"] = "a: \"\\UFFFFFFFF\"",
        ["a lone surrogate"] = "name: \"\\ud800\"",
    };

    public static TheoryData<string> Names => [.. Contents.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Is_refused_quickly_and_in_little_memory(string name)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(Contents[name]);
        var clock = Stopwatch.StartNew();
        long before = GC.GetAllocatedBytesForCurrentThread();

        var result = SweepFile.Parse("hostile.yaml", bytes);

        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        double seconds = clock.Elapsed.TotalSeconds;
        TestContext.Current.TestOutputHelper?.WriteLine($"{seconds * 1000:f0} ms, {allocated / 1e6:f1} MB: {result.Diagnostics[0]}");
        result.Spec.ShouldBeNull();
        result.Diagnostics.Count.ShouldBeInRange(1, DiagnosticList.Limit + 1);
        result.Diagnostics.ShouldAllBe(d => d.Message.Length < 1000);
        allocated.ShouldBeLessThan(MaxAllocated);
        seconds.ShouldBeLessThan(GenerousSeconds);
    }

    [Fact]
    public void Ten_megabytes_of_brackets_on_disk_are_refused_by_their_size()
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, Contents["brackets"]);
            long before = GC.GetAllocatedBytesForCurrentThread();

            SweepFile.Load(path).Diagnostics.ShouldHaveSingleItem().ToString().ShouldBe(
                $"{path}:1:1: error GC0002: the file has more than 262144 bytes; a sweep file is a few hundred, is it the right one?");
            (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(2_000_000);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_file_without_an_end_is_read_up_to_the_limit_only()
    {
        Assert.SkipUnless(File.Exists("/dev/zero"), "there is no endless file here");

        SweepFile.Load("/dev/zero").Diagnostics.ShouldHaveSingleItem().Code.ShouldBe(DiagnosticCodes.TooLarge);
    }

    [Fact]
    public void A_file_of_too_many_parts_is_refused()
    {
        Texts.Said("[" + string.Concat(Enumerable.Repeat("1,\n", NodeReader.MaxEvents)) + "]").ShouldBe(
            ["sweep.yaml:19998:1: error GC0009: the file has more than 20000 parts; a sweep file has a few dozen, is it the right one?"]);
    }

    [Fact]
    public void After_a_hundred_mistakes_the_rest_is_not_shown()
    {
        var found = Texts.Read(Texts.Smallest + "\n" + string.Concat(Enumerable.Range(0, 500).Select(i => $"x{i}: 1\n"))).Diagnostics;

        found.Count.ShouldBe(101);
        found[^1].ToString().ShouldBe("sweep.yaml:105:1: error GC0099: the file has more mistakes; only 100 are shown, mend these first");
    }

    private static string Repeat(string part) => string.Concat(Enumerable.Repeat(part, SourceText.MaxBytes / 2 / part.Length));
}
