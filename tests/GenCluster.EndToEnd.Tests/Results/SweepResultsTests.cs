using System.Globalization;
using System.Text.Json;
using GenCluster.EndToEnd.Tests.Support;

namespace GenCluster.EndToEnd.Tests.Results;

/// <summary>What an undisturbed run says and leaves behind.</summary>
public sealed class SweepResultsTests(Controls controls, ITestOutputHelper log)
{
    private const string Sweep = "search";

    [Fact]
    public async Task Every_trial_succeeds_and_the_best_one_has_learned_something()
    {
        var control = await controls.OfAsync(Sweep);

        string[][] rows = Table.Read(control.Leaderboard);
        rows[0].ShouldBe(
        [
            "trial", "state", "optimizer.beta1", "optimizer.discriminator.learningRate", "optimizer.generator.learningRate",
            "objective", "steps", "weights sha256",
        ]);
        rows.Length.ShouldBe(5);
        rows[1..].Select(r => r[0]).ShouldBe(["1", "2", "3", "4"], ignoreOrder: true);
        rows[1..].ShouldAllBe(r => r[1] == "Succeeded" && r[6] == "120" && r[7].Length == 64);
        double[] objectives = [.. rows[1..].Select(r => double.Parse(r[5], CultureInfo.InvariantCulture))];
        objectives.ShouldBe(objectives.Order());
        double untrained = Printed(control, "untrained"), best = Printed(control, "best");
        log.WriteLine($"untrained {untrained}, best {best}");
        best.ShouldBe(objectives[0], 0.01);
        best.ShouldBeLessThan(untrained * 0.8);
    }

    [Fact]
    public async Task The_best_weights_are_what_the_leaderboard_and_the_manifest_say()
    {
        var control = await controls.OfAsync(Sweep);

        string best = Path.Combine(control.Sandbox.Folder, "best", "weights.safetensors");
        string hash = Sandbox.Sha256(best);
        using var manifest = JsonDocument.Parse(control.Sandbox.ReadAll("best/manifest.json"));
        manifest.RootElement.GetProperty("weightsSha256").GetString().ShouldBe(hash);
        Table.Read(control.Leaderboard)[1][7].ShouldBe(hash);
        control.Ending.Output.ShouldContain($"weights sha256: {hash}");
        Safetensors.Names(best).ShouldContain("generator.main.0.weight");
    }

    [Fact]
    public async Task Each_trial_leaves_its_weights_metrics_events_and_pictures()
    {
        var sandbox = (await controls.OfAsync(Sweep)).Sandbox;

        foreach (string[] row in Table.Read(sandbox.Leaderboard)[1..])
        {
            string folder = sandbox.TrialFolder(int.Parse(row[0], CultureInfo.InvariantCulture));
            Sandbox.Sha256(Path.Combine(folder, "weights.safetensors")).ShouldBe(row[7]);
            Table.Read(File.ReadAllText(Path.Combine(folder, "metrics.csv"))).ShouldContain(r => r[0] == "120" && r[1] == "swd" && r[2] == row[5]);
            EventFile.Count(Directory.GetFiles(folder, "events.out.tfevents.*").ShouldHaveSingleItem()).ShouldBeGreaterThan(120);
            string[] pictures = [.. Directory.GetFiles(Path.Combine(folder, "samples")).Order(StringComparer.Ordinal)];
            pictures.Select(Path.GetFileName).ShouldBe(["step-000000.png", "step-000040.png", "step-000080.png", "step-000120.png"]);
            foreach (string picture in pictures)
                Shades(picture).ShouldBeGreaterThan(1, picture);
        }
    }

    [Fact]
    public async Task Journal_and_logs_lie_beside_the_results()
    {
        var sandbox = (await controls.OfAsync(Sweep)).Sandbox;

        foreach (string file in (string[])["journal.db", "logs/coordinator.log", "logs/worker-1.log", "logs/worker-2.log"])
            new FileInfo(Path.Combine(sandbox.Folder, file)).Length.ShouldBePositive(file);
    }

    [Fact]
    public async Task A_run_that_nobody_disturbs_has_nothing_to_tell_but_progress()
    {
        var control = await controls.OfAsync(Sweep);

        control.Ending.Errors.ShouldNotContain(line => line.StartsWith("notice:", StringComparison.Ordinal));
        control.Ending.Errors.ShouldNotContain(line => line.Contains("died", StringComparison.Ordinal));
        ProcessGroup.Members(control.Command.Id).ShouldBeEmpty();
    }

    [Fact]
    public async Task Training_begins_soon_after_the_start()
    {
        var control = await controls.OfAsync(Sweep);

        log.WriteLine($"first step after {control.FirstStep.TotalSeconds:0.0} s, end after {control.Ending.Time.TotalSeconds:0.0} s");
        control.FirstStep.ShouldBeLessThan(TimeSpan.FromSeconds(30)); // 15 s on a machine that does nothing else
    }

    // "untrained  289.73"
    private static double Printed(Control control, string what)
    {
        string line = control.Ending.Output.Single(line => line.StartsWith(what + " ", StringComparison.Ordinal));
        return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }

    // A picture of nothing has one.
    private static int Shades(string picture)
    {
        using var file = File.OpenRead(picture);
        var png = BigGustave.Png.Open(file);
        var pixels = from x in Enumerable.Range(0, png.Width) from y in Enumerable.Range(0, png.Height) select png.GetPixel(x, y);
        return pixels.Distinct().Count();
    }
}
