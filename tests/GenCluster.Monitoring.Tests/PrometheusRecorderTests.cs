using System.Text;
using GenCluster.Core.Metrics;
using GenCluster.TestServers;

namespace GenCluster.Monitoring.Tests;

public sealed class PrometheusRecorderTests
{
    public static TheoryData<MetricProcess> Processes => [MetricProcess.Coordinator, MetricProcess.Worker];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Processes))]
    public async Task A_process_serves_what_the_catalogue_says_and_nothing_else(MetricProcess process)
    {
        string text = await TextOf(new PrometheusRecorder(process));

        text.Split('\n').Where(line => line.StartsWith("# TYPE ", StringComparison.Ordinal)).Select(line => line["# TYPE ".Length..])
            .ShouldBe(MetricCatalogue.Of(process).Select(metric => $"{metric.Name} {MetricLabel.ValueOf(metric.Kind)}"), ignoreOrder: true);
    }

    [Theory]
    [MemberData(nameof(Processes))]
    public async Task Series_that_are_known_begin_at_zero_and_the_others_are_not_there(MetricProcess process)
    {
        string[] lines = Samples(await TextOf(new PrometheusRecorder(process)));

        foreach (var metric in MetricCatalogue.Of(process))
        {
            string suffix = metric.Kind is MetricKind.Histogram ? "_count" : "";
            string[] own = [.. lines.Where(line => NameOf(line) == metric.Name + suffix)];
            int series = metric.BeginsAtZero ? metric.Labels.Aggregate(1, (all, label) => all * label.Values!.Count) : 0;
            own.Length.ShouldBe(series, metric.Name);
            own.ShouldAllBe(line => line.EndsWith(" 0", StringComparison.Ordinal));
        }
    }

    [Theory]
    [MemberData(nameof(Processes))]
    public async Task Prometheus_has_nothing_against_it(MetricProcess process)
    {
        var recorder = new PrometheusRecorder(process);
        foreach (var metric in MetricCatalogue.Of(process))
            recorder.Series(metric, [.. metric.Labels.Select(label => label.Values?[0] ?? "any \"name\"")]).Record(0.25);

        (await Promtool.CheckMetricsAsync(await TextOf(recorder))).ShouldBe("");
    }

    [Fact]
    public async Task A_counter_rises_a_gauge_is_set_and_a_histogram_counts()
    {
        var recorder = new PrometheusRecorder(MetricProcess.Worker);
        var steps = recorder.Series(MetricCatalogue.Steps);
        var running = recorder.Series(MetricCatalogue.WorkerRunning);
        var wait = recorder.Series(MetricCatalogue.AllReduceWaitSeconds);

        steps.Record();
        steps.Record(2);
        running.Record(5);
        running.Record(1);
        wait.Record(0.3);
        wait.Record(70);

        string[] lines = Samples(await TextOf(recorder));
        lines.ShouldContain("gencluster_steps_total 3");
        lines.ShouldContain("gencluster_worker_running 1");
        lines.ShouldContain("gencluster_allreduce_wait_seconds_bucket{le=\"0.25\"} 0");
        lines.ShouldContain("gencluster_allreduce_wait_seconds_bucket{le=\"0.5\"} 1");
        lines.ShouldContain("gencluster_allreduce_wait_seconds_bucket{le=\"+Inf\"} 2");
    }

    [Fact]
    public async Task A_number_that_somebody_else_keeps_is_read_before_each_scrape_and_never_falls()
    {
        var recorder = new PrometheusRecorder(MetricProcess.Worker);
        var bytes = recorder.Series(MetricCatalogue.AllReduceBytes, "sent");
        int elsewhere = 7;
        recorder.BeforeReading(() => bytes.RaiseTo(elsewhere));

        Samples(await TextOf(recorder)).ShouldContain("gencluster_allreduce_bytes_total{dir=\"sent\"} 7");
        elsewhere = 3;
        Samples(await TextOf(recorder)).ShouldContain("gencluster_allreduce_bytes_total{dir=\"sent\"} 7");
    }

    [Fact]
    public void Recording_allocates_nothing()
    {
        var recorder = new PrometheusRecorder(MetricProcess.Worker);
        IMetricSeries[] series = [recorder.Series(MetricCatalogue.Steps), recorder.Series(MetricCatalogue.StepSeconds, "data"), recorder.Series(MetricCatalogue.WorkerRunning)];
        Record();

        long before = GC.GetAllocatedBytesForCurrentThread();
        Record();
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);

        void Record()
        {
            for (int i = 0; i < 1000; i++)
            {
                foreach (var one in series)
                    one.Record(0.01);
            }
        }
    }

    [Fact]
    public void A_metric_of_another_process_is_refused() =>
        Should.Throw<ArgumentException>(() => new PrometheusRecorder(MetricProcess.Worker).Series(MetricCatalogue.Leader))
            .Message.ShouldBe("this process does not serve gencluster_leader; its catalogue says who does");

    [Fact]
    public void A_value_that_a_label_cannot_have_is_refused()
    {
        var recorder = new PrometheusRecorder(MetricProcess.Worker);

        Should.Throw<ArgumentException>(() => recorder.Series(MetricCatalogue.AllReduceBytes, "up"))
            .Message.ShouldBe("gencluster_allreduce_bytes_total: label dir is one of sent, received, shared, not 'up'");
        Should.Throw<ArgumentException>(() => recorder.Series(MetricCatalogue.AllReduceBytes)).Message.ShouldBe("gencluster_allreduce_bytes_total has 1 labels, and 0 values were given");
    }

    [Fact]
    public async Task The_series_of_a_trial_go_with_it()
    {
        var recorder = new PrometheusRecorder(MetricProcess.Worker);
        recorder.Series(MetricCatalogue.RunStep, "gan", "1").Record(10);
        recorder.Series(MetricCatalogue.GanLoss, "gan", "1", "g").Record(0.5);
        recorder.Series(MetricCatalogue.RunStep, "gan", "2").Record(20);

        recorder.Forget("gan", 1);

        Samples(await TextOf(recorder)).Where(line => line.Contains("sweep=", StringComparison.Ordinal)).ShouldBe(["gencluster_run_step{sweep=\"gan\",trial=\"2\"} 20"]);
    }

    [Fact]
    public async Task The_series_of_a_sweep_go_with_it_and_so_do_those_of_its_trials()
    {
        var recorder = new PrometheusRecorder(MetricProcess.Coordinator);
        recorder.Series(MetricCatalogue.SweepBestObjective, "gan").Record(1);
        recorder.Series(MetricCatalogue.TrialStep, "gan", "1").Record(10);
        recorder.Series(MetricCatalogue.SweepBestObjective, "other").Record(2);

        recorder.Forget("gan");

        Samples(await TextOf(recorder)).Where(line => line.Contains("sweep=", StringComparison.Ordinal)).ShouldBe(["gencluster_sweep_best_objective{sweep=\"other\"} 2"]);
    }

    [Fact]
    public async Task Only_so_many_trials_have_series_and_one_that_ends_makes_room()
    {
        var recorder = new PrometheusRecorder(MetricProcess.Coordinator);
        for (int trial = 1; trial <= MetricCatalogue.MaxTrials + 10; trial++)
            recorder.Series(MetricCatalogue.TrialStep, "gan", $"{trial}").Record(trial);
        recorder.Series(MetricCatalogue.SweepBestObjective, "gan").Record(1); // sweeps are counted apart

        Steps(await TextOf(recorder)).Length.ShouldBe(MetricCatalogue.MaxTrials);
        recorder.Forget("gan", 1);
        recorder.Series(MetricCatalogue.TrialStep, "gan", "late").Record(1);

        var after = Steps(await TextOf(recorder));
        after.Length.ShouldBe(MetricCatalogue.MaxTrials);
        after.ShouldContain("gencluster_trial_step{sweep=\"gan\",trial=\"late\"} 1");
        Samples(await TextOf(recorder)).ShouldContain("gencluster_sweep_best_objective{sweep=\"gan\"} 1");

        static string[] Steps(string text) => [.. Samples(text).Where(line => NameOf(line) == MetricCatalogue.TrialStep.Name)];
    }

    [Fact]
    public async Task Two_recorders_know_nothing_of_each_other()
    {
        new PrometheusRecorder(MetricProcess.Worker).Series(MetricCatalogue.Steps).Record();

        Samples(await TextOf(new PrometheusRecorder(MetricProcess.Worker))).ShouldContain("gencluster_steps_total 0");
    }

    [Fact]
    public void A_recorder_that_keeps_nothing_takes_everything()
    {
        foreach (var metric in MetricCatalogue.All)
            IMetricRecorder.None.Series(metric).Record(1);
    }

    internal static async Task<string> TextOf(PrometheusRecorder recorder)
    {
        using var stream = new MemoryStream();
        await recorder.WriteAsync(stream, Cancellation);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static string[] Samples(string text) => [.. text.Split('\n').Where(line => line.Length > 0 && line[0] != '#')];

    private static string NameOf(string line) => line[..line.IndexOfAny(['{', ' '])];
}
