using GenCluster.EndToEnd.Tests.Support;

namespace GenCluster.EndToEnd.Tests.CommandLine;

/// <summary>What the command does before anything is trained.</summary>
public sealed class InputTests(ITestOutputHelper log)
{
    public static TheoryData<string> Configs => [.. Programs.Configs.Select(file => Path.GetFileName(file)!)];

    [Fact]
    public async Task Help_is_there_at_once()
    {
        var endings = new List<Ending>();
        for (int i = 0; i < 5; i++)
            endings.Add(await Gencluster.RunAsync("--help"));

        endings.ShouldAllBe(e => e.Code == 0 && e.Output.Count > 10 && e.Errors.Count == 0);
        var best = endings.Min(e => e.Time);
        log.WriteLine($"help within {best.TotalMilliseconds:0} ms");
        best.ShouldBeLessThan(TimeSpan.FromSeconds(2)); // 0.3 s on a machine that does nothing else
    }

    [Theory]
    [MemberData(nameof(Configs))]
    public async Task Every_sweep_that_travels_with_the_project_is_valid_and_can_be_planned(string config)
    {
        string file = Path.Combine(AppContext.BaseDirectory, "configs", config);

        var validated = await Gencluster.RunAsync("validate", file);
        var planned = await Gencluster.RunAsync("plan", file);

        validated.Code.ShouldBe(0, validated.ToString());
        planned.Code.ShouldBe(0, planned.ToString());
        planned.Output.ShouldContain(line => line.Contains(Path.GetFileNameWithoutExtension(config), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("run")]
    [InlineData("validate")]
    [InlineData("plan")]
    public async Task A_broken_sweep_is_refused_with_all_its_mistakes_and_nothing_is_made(string verb)
    {
        await using var sandbox = new Sandbox("broken");

        var ending = await sandbox.StartWith(verb == "run" ? sandbox.Run() : [verb, sandbox.File]).EndAsync();

        ending.Code.ShouldBe(2, ending.ToString());
        ending.Output.ShouldBeEmpty();
        ending.Errors.Count.ShouldBe(3, ending.ToString());
        ending.Errors[0].ShouldStartWith($"{sandbox.File}:4:20: error GC0105: ");
        ending.Errors[1].ShouldStartWith($"{sandbox.File}:5:19: error GC0104: ");
        ending.Errors[2].ShouldStartWith($"{sandbox.File}:5:48: error GC0201: ");
        Directory.Exists(sandbox.Runs).ShouldBeFalse();
    }
}
