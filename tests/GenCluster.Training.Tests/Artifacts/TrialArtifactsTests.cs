using GenCluster.Core.Training;
using GenCluster.Core.Trials;
using GenCluster.Training.Artifacts;
using GenCluster.Checkpoints;
using GenCluster.Checkpoints.Tests;

namespace GenCluster.Training.Tests.Artifacts;

public sealed class TrialArtifactsTests : IDisposable
{
    private const string Events = "events.out.tfevents.gencluster";

    private static readonly SamplePicture Picture = new(3, 2, 1, [0, 50, 100, 150, 200, 250]);

    private readonly TempFolder folder = new();

    private string Trial => folder["runs", "sweep", "trials", "0001"];

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Writes_metrics_as_rows_of_step_name_and_value()
    {
        using var artifacts = Started();
        artifacts.AppendMetrics(0, [new("swd", 1234.5), new("discriminator.loss", 0.1)]);
        artifacts.AppendMetrics(150, [new("swd", double.NaN), new("a, \"b\"", 1e-300)]);

        File.ReadAllText(In("metrics.csv")).ShouldBe(
            """"
            step,name,value
            0,swd,1234.5
            0,discriminator.loss,0.1
            150,swd,NaN
            150,"a, ""b""",1E-300

            """");
    }

    [Fact]
    public void Writes_the_same_as_TensorBoard_events()
    {
        using var artifacts = Started();
        artifacts.AppendMetrics(0, [new("swd", 0.5), new("generator.loss", -2)]);
        artifacts.WriteSamples(0, Picture);
        artifacts.AppendMetrics(300, [new("swd", 0.25)]);

        EventFile.Read(In(Events)).ShouldBe(["1000 0 brain.Event:2", "1000 0 swd=0.5 generator.loss=-2", "1000 0 samples(2x3x1, png)", "1000 300 swd=0.25"]);
    }

    [Fact]
    public void What_a_writer_appends_that_was_replaced_without_its_knowledge_is_in_no_file()
    {
        using var frozen = Started();
        frozen.AppendMetrics(0, [new("swd", 1)]);
        frozen.AppendMetrics(10, [new("swd", 2)]);
        using var successor = Open();
        successor.ResumeAt(10);

        frozen.AppendMetrics(20, [new("swd", 3)]);
        successor.AppendMetrics(20, [new("swd", 3)]);
        frozen.AppendMetrics(30, [new("swd", 4)]);

        File.ReadAllText(In("metrics.csv")).ShouldBe("step,name,value\n0,swd,1\n10,swd,2\n20,swd,3\n");
        EventFile.Read(In(Events)).ShouldBe(["1000 0 brain.Event:2", "1000 0 swd=1", "1000 10 swd=2", "1000 20 swd=3"]);
    }

    [Fact]
    public void Ends_with_the_same_files_whether_or_not_it_was_cut_off()
    {
        using (var artifacts = Started())
        {
            for (int step = 0; step <= 4; step++)
                Write(artifacts, step);
            artifacts.WriteWeights(x => x.Write([1]));
        }

        var undisturbed = Content();
        using (var artifacts = Open())
        {
            artifacts.ResumeAt(2);
            Content().Keys.ShouldNotContain("weights.safetensors");
            Content().Keys.ShouldNotContain("samples/step-000003.png");
            for (int step = 3; step <= 4; step++)
                Write(artifacts, step);
            artifacts.WriteWeights(x => x.Write([1]));
        }

        Content().ShouldBe(undisturbed);
        undisturbed.Keys.Order().ShouldBe(
            [Events, "metrics.csv", .. Enumerable.Range(0, 5).Select(x => $"samples/step-00000{x}.png"), "weights.safetensors"]);
    }

    [Fact]
    public void Forgets_all_when_it_begins_anew()
    {
        using (var artifacts = Started())
            Write(artifacts, 0);

        using (Started())
            File.ReadAllText(In("metrics.csv")).ShouldBe("step,name,value\n");

        Content().Keys.Order().ShouldBe([Events, "metrics.csv"]);
    }

    [Theory]
    [InlineData("2,sw")]
    [InlineData("2,swd,0.")]
    [InlineData("2,swd,1\n3")]
    [InlineData("\0\0\0\0")]
    public void Drops_a_line_that_was_not_finished(string torn)
    {
        using (var artifacts = Started())
            artifacts.AppendMetrics(1, [new("swd", 3)]);
        File.AppendAllText(In("metrics.csv"), torn);

        using (var artifacts = Open())
            artifacts.ResumeAt(1);

        File.ReadAllText(In("metrics.csv")).ShouldBe("step,name,value\n1,swd,3\n");
    }

    [Theory]
    [InlineData("step,swd\n")]
    [InlineData("step,name,value\n1,swd,3\nhello\n")]
    [InlineData("step,name,value\n1,swd,three\n")]
    public void Does_not_write_over_a_file_that_is_something_else(string text)
    {
        Directory.CreateDirectory(Trial);
        File.WriteAllText(In("metrics.csv"), text);

        using var artifacts = Open();
        Should.Throw<StorageException>(() => artifacts.ResumeAt(1)).Message.ShouldStartWith($"'{In("metrics.csv")}' cannot be written: it holds something else: line ");
        File.ReadAllText(In("metrics.csv")).ShouldBe(text);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Writes_pictures_that_others_can_open(int channels)
    {
        using var artifacts = Started();
        var pixels = Enumerable.Range(0, 5 * 4 * channels).Select(x => (byte)(x * 4)).ToArray();
        artifacts.WriteSamples(150, new SamplePicture(5, 4, channels, pixels));

        using var file = File.OpenRead(In("samples", "step-000150.png"));
        var png = BigGustave.Png.Open(file);
        (png.Width, png.Height).ShouldBe((5, 4));
        for (int i = 0; i < 20; i++)
        {
            var pixel = png.GetPixel(i % 5, i / 5);
            (pixel.R, pixel.G, pixel.B).ShouldBe((pixels[i * channels], pixels[i * channels + (channels > 1 ? 1 : 0)], pixels[i * channels + (channels > 1 ? 2 : 0)]));
        }
    }

    [Fact]
    public void Shows_weights_only_when_they_are_complete()
    {
        FullDisk.SkipWhereThereIsNone();
        using var artifacts = Started();

        var failure = Should.Throw<StorageException>(() => artifacts.WriteWeights(x =>
        {
            x.Write([1, 2, 3]);
            using var full = FullDisk.Open();
            full.Write([4]);
        }));

        failure.Message.ShouldBe($"'{In("weights.safetensors")}' cannot be written: no space left on device; free some space, then go on");
        Directory.GetFiles(Trial).Select(Path.GetFileName).Order().ShouldBe([Events, "metrics.csv"]);
    }

    [Fact]
    public void Removes_what_a_dead_writer_left()
    {
        Directory.CreateDirectory(In("samples"));
        File.WriteAllText(In(".weights.safetensors.abc.tmp"), "");
        File.WriteAllText(In("samples", ".step-000001.png.abc.tmp"), "");

        using var artifacts = Started();

        Content().Keys.Order().ShouldBe([Events, "metrics.csv"]);
    }

    [Fact]
    public void Says_that_its_folder_cannot_be()
    {
        File.WriteAllText(folder["runs"], "");

        using var artifacts = Open();
        Should.Throw<StorageException>(() => artifacts.ResumeAt(-1)).Message.ShouldContain($"'{folder["runs"]}");
    }

    private static void Write(TrialArtifacts artifacts, int step)
    {
        artifacts.AppendMetrics(step, [new("swd", 1.0 / (step + 3)), new("loss", step)]);
        artifacts.WriteSamples(step, Picture with { Pixels = [.. Picture.Pixels.Select(x => (byte)(x + step))] });
    }

    private TrialArtifacts Open() => new(Trial, new StoppedClock());

    private TrialArtifacts Started()
    {
        var artifacts = Open();
        artifacts.ResumeAt(-1);
        return artifacts;
    }

    private string In(params ReadOnlySpan<string> parts) => Path.Combine([Trial, .. parts]);

    private Dictionary<string, string> Content() => Directory.GetFiles(Trial, "*", SearchOption.AllDirectories)
        .ToDictionary(x => Path.GetRelativePath(Trial, x), x => Convert.ToHexStringLower(File.ReadAllBytes(x)));

    private sealed class StoppedClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeSeconds(1000);
    }
}
