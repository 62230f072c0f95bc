using System.Net;
using System.Text;
using GenCluster.Collectives.Gangs;
using GenCluster.Core.Checkpoints;
using GenCluster.Core.Identity;
using GenCluster.Core.Metrics;
using GenCluster.Core.Parameters;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Training;
using GenCluster.Core.Trials;
using GenCluster.Monitoring;
using GenCluster.Worker.Metering;

namespace GenCluster.Worker.Tests.Metering;

public sealed class RunMetersTests
{
    private static readonly TrialDefinition Definition = new(
        new TrialId(new SweepId("gans"), 3), "dcgan", new Assignment([new("loss", ParameterValue.Of("non-saturating"))]), new DataSpec("toys", null, 2, 0),
        new TrainingSpec(100, 16, 4, 20, 10, 7, 1), new EvaluationSpec(16, 1, 1), new ObjectiveSpec("swd", Goal.Minimize), new ResourceSpec(1, 2, "cpu"));

    private readonly PrometheusRecorder recorder = new(MetricProcess.Worker);

    [Fact]
    public async Task A_run_records_what_it_says_and_leaves_no_series_behind()
    {
        string during = "";
        var outcome = Run(observer =>
        {
            observer.Started(0);
            observer.Progressed(new StepProgress(12, 5, [new Metric("generator.loss", 0.5), new Metric("discriminator.loss", 1.5), new Metric("discriminator.real", 0), new Metric("discriminator.fake", -2)]));
            observer.Evaluated(new MetricReport(20, [new Metric("swd", 9)]), new SamplePicture(4, 2, 1, [0, 0, 255, 255, 0, 0, 255, 255]));
            observer.Checkpointed(new CheckpointManifest(20, [new BlobRef("generator.weights", "a", 70_000)], "cpu"));
            observer.Measured(new MemberMeasure(20, 0.25, 0.1, 0));
            during = Text().GetAwaiter().GetResult();
        });

        outcome.ShouldBeOfType<RunOutcome.Completed>();
        during.ShouldContain("gencluster_run_step{sweep=\"gans\",trial=\"3\"} 20\n");
        during.ShouldContain("gencluster_gan_loss{sweep=\"gans\",trial=\"3\",net=\"g\"} 0.5\n");
        during.ShouldContain("gencluster_loss{sweep=\"gans\",trial=\"3\",phase=\"discriminator\"} 1.5\n");
        during.ShouldContain("gencluster_gan_discriminator_score{sweep=\"gans\",trial=\"3\",on=\"real\"} 0.5\n");
        during.ShouldContain("gencluster_gan_sample_diversity{sweep=\"gans\",trial=\"3\"} 1\n");
        during.ShouldContain("gencluster_shard_seconds{sweep=\"gans\",trial=\"3\"} 0.25\n");
        during.ShouldContain("gencluster_checkpoint_interval_steps{sweep=\"gans\",trial=\"3\"} 10\n");
        during.ShouldContain("gencluster_checkpoint_last_success_timestamp_seconds{sweep=\"gans\",trial=\"3\"} ");
        during.ShouldContain("gencluster_last_progress_timestamp_seconds{sweep=\"gans\",trial=\"3\"} ");
        string after = await Text();
        after.ShouldNotContain("sweep=\"gans\"");
        after.ShouldContain("gencluster_checkpoint_bytes_sum 70000\n");
    }

    [Fact]
    public async Task What_a_leader_recorded_goes_when_another_leads()
    {
        string during = "";
        using var control = new RunControl();
        Run(
            observer =>
            {
                observer.Started(0);
                observer.Checkpointed(new CheckpointManifest(10, [], "cpu"));
                control.Regroup(Order(member: 1, epoch: 2));
                control.TakeOrder();
                observer.Started(10);
                during = Text().GetAwaiter().GetResult();
            },
            control);

        during.ShouldContain("gencluster_run_step{sweep=\"gans\",trial=\"3\"} 10\n");
        during.ShouldNotContain("gencluster_checkpoint_last_success_timestamp_seconds{");
        during.ShouldNotContain("gencluster_checkpoint_interval_steps{");
        await Task.CompletedTask;
    }

    [Fact]
    public async Task A_run_that_became_not_finite_is_counted()
    {
        new MeteredRunner(new Scripted(_ => { }, new RunOutcome.Broken(FailureClass.NonFinite, "")), recorder, TimeProvider.System).Run(Order(), new Deaf(), new RunControl());

        (await Text()).ShouldContain("gencluster_gan_nonfinite_total 1\n");
    }

    [Theory]
    [InlineData("non-saturating", 0, 0.5)]
    [InlineData("non-saturating", 100, 1.0)]
    [InlineData("hinge", 1, 0.8807970779778823)]
    [InlineData("hinge", -100, 0.0)]
    [InlineData("least-squares", 0.75, 0.75)]
    [InlineData("least-squares", 1.75, 1.0)]
    [InlineData("wasserstein-gp", 3, null)]
    [InlineData(null, 3, null)]
    public void A_score_is_how_sure_the_discriminator_is_where_its_loss_says_so(string? loss, double score, double? sure)
    {
        double? probability = DiscriminatorScore.ToProbability(loss, score);

        if (sure is { } expected)
            probability.ShouldNotBeNull().ShouldBe(expected, 1e-12);
        else
            probability.ShouldBeNull();
    }

    [Fact]
    public void Diversity_is_the_mean_distance_of_two_images_whatever_their_places()
    {
        // Three images of 1x1 in two colours: a, b and c differ by 255 in one of two channels, or in both.
        var picture = new SamplePicture(3, 1, 2, [0, 0, 255, 0, 255, 255]);

        SampleDiversity.Of(picture, 1).ShouldNotBeNull().ShouldBe((Math.Sqrt(0.5) + 1 + Math.Sqrt(0.5)) / 3, 1e-12);
        SampleDiversity.Of(new SamplePicture(2, 2, 1, [1, 2, 3, 4]), 2).ShouldBeNull("there is but one");
        SampleDiversity.Of(new SamplePicture(2, 2, 1, [7, 7, 7, 7]), 1).ShouldBe(0, "all are the same");
    }

    [Fact]
    public void Images_in_rows_are_found()
    {
        // Two rows of two 2x2 images: black, white / white, black.
        byte[] pixels = [0, 0, 255, 255, 0, 0, 255, 255, 255, 255, 0, 0, 255, 255, 0, 0];

        SampleDiversity.Of(new SamplePicture(4, 4, 1, pixels), 2).ShouldNotBeNull().ShouldBe(4.0 / 6, 1e-12);
    }

    [Fact]
    public async Task Every_count_of_the_data_plane_has_its_series()
    {
        using var listener = new GangListener(IPAddress.Loopback);

        DataPlaneMeters.Watch(listener.Counters, recorder);

        (await Text()).ShouldContain("gencluster_connections 0\n");
    }

    private RunOutcome Run(Action<ITrialObserver> script, RunControl? control = null) =>
        new MeteredRunner(new Scripted(script, new RunOutcome.Completed(100, "")), recorder, TimeProvider.System).Run(Order(), new Deaf(), control ?? new RunControl());

    private static TrialOrder Order(int member = 0, long epoch = 1) => new(new Lease(Definition.Trial, epoch), Definition, [], member, [], []);

    private async Task<string> Text()
    {
        using var stream = new MemoryStream();
        await recorder.WriteAsync(stream, TestContext.Current.CancellationToken);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private sealed class Scripted(Action<ITrialObserver> script, RunOutcome outcome) : ITrialRunner
    {
        public RunOutcome Run(TrialOrder order, ITrialObserver observer, RunControl control)
        {
            script(observer);
            return outcome;
        }
    }

    private sealed class Deaf : ITrialObserver
    {
        public void Started(int step)
        {
        }

        public void Progressed(StepProgress progress)
        {
        }

        public void Evaluated(MetricReport report, SamplePicture? picture)
        {
        }

        public void Checkpointed(CheckpointManifest manifest)
        {
        }

        public void Warned(string message)
        {
        }
    }
}
