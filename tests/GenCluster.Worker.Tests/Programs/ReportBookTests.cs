using GenCluster.Core.Trials;
using GenCluster.Worker.Programs;

namespace GenCluster.Worker.Tests.Programs;

public sealed class ReportBookTests
{
    [Theory]
    [InlineData(null, false, "loss=5 loss=4 loss=3", "1 2 3")]
    [InlineData(null, false, "epoch=1,loss=5 epoch=2,loss=4", "1 2")]
    [InlineData(null, false, "step=10,epoch=1,loss=5 step=20,epoch=2,loss=4", "10 20")]
    [InlineData("epoch", false, "step=10,epoch=1,loss=5 step=20,epoch=2,loss=4", "1 2")]
    [InlineData("images", false, "loss=5 images=64,loss=4 images=32,loss=3", "1 64")]
    [InlineData(null, false, "epoch=1 loss=5 epoch=2 loss=4", "1 2")]
    [InlineData(null, false, "epoch=0,loss=5 epoch=1,loss=4", "0 1")]
    [InlineData(null, false, "epoch=2,loss=5 epoch=2,loss=4 epoch=1,loss=3 epoch=3,loss=2", "2 3")]
    [InlineData(null, false, "epoch=1.5,loss=5 epoch=1.9,loss=4 epoch=2.0,loss=4", "1 2")]
    [InlineData(null, false, "epoch=-1,loss=5 epoch=NaN,loss=4 epoch=1e99,loss=4", "1 2 3")]
    [InlineData(null, true, "_step=0,loss=5 _step=1,loss=4 _step=7,loss=3", "1 2 8")]
    [InlineData("epoch", true, "_step=0,epoch=4,loss=5", "4")]
    [InlineData(null, false, "accuracy=5 accuracy=4", "")]
    public void The_objective_makes_a_report_at_the_step_that_is_named_or_else_the_next(string? resource, bool isWandb, string said, string steps)
    {
        var book = new ReportBook("loss", resource, isWandb, 0);

        var reports = said.Split(' ').Select(line => book.Hear(Metrics(line))).OfType<MetricReport>();

        string.Join(' ', reports.Select(report => report.Step)).ShouldBe(steps);
    }

    [Fact]
    public void A_report_has_what_was_said_since_the_last_one_sorted_by_name()
    {
        var book = new ReportBook("loss", null, false, 0);
        book.Hear(Metrics("accuracy=0.5"));
        book.Hear(Metrics("accuracy=0.75,_runtime=3,timestamp=17"));

        book.Hear(Metrics("loss=2,lr=1")).ShouldBe(new MetricReport(1, [new("accuracy", 0.75), new("loss", 2), new("lr", 1)]));
        book.Hear(Metrics("loss=1")).ShouldBe(new MetricReport(2, [new("loss", 1)]));
    }

    [Fact]
    public void Counting_goes_on_from_the_step_of_the_checkpoint()
    {
        var book = new ReportBook("loss", null, false, 7);

        book.Hear(Metrics("loss=2"))!.Step.ShouldBe(8);
        book.Hear(Metrics("epoch=7,loss=2")).ShouldBeNull();
    }

    [Fact]
    public void The_first_report_at_a_milestone_or_beyond_is_the_milestone_s()
    {
        var book = new ReportBook("loss", null, false, 0, until: 150);

        book.Hear(Metrics("step=100,loss=2"))!.Step.ShouldBe(100);
        book.Hear(Metrics("step=200,loss=1"))!.Step.ShouldBe(150);
        book.Hear(Metrics("step=300,loss=0")).ShouldBeNull();
    }

    [Fact]
    public void Of_very_many_reports_ever_fewer_are_told_and_the_newest_waits()
    {
        var book = new ReportBook("loss", null, false, 0);
        var told = new List<int>();
        for (int i = 1; i <= 100_001; i++)
        {
            var report = book.Hear(Metrics("loss=1"))!;
            if (book.Waiting is null)
                told.Add(report.Step);
        }

        told.Take(1_000).ShouldBe(Enumerable.Range(1, 1_000));
        told.Skip(1_000).Take(500).ShouldBe(Enumerable.Range(501, 500).Select(i => 2 * i));
        told.Skip(1_500).Take(3).ShouldBe([2_004, 2_008, 2_012]);
        told.Count.ShouldBeLessThan(5_000);
        book.TakeWaiting()!.Step.ShouldBe(100_001);
        book.TakeWaiting().ShouldBeNull();
    }

    [Fact]
    public void A_report_has_no_more_metrics_than_may_be_sent_and_always_the_objective()
    {
        var book = new ReportBook("loss", null, false, 0);

        var report = book.Hear([.. Enumerable.Range(0, 400).Select(i => new Metric($"a{i}", i)), new Metric("loss", 2)])!;

        report.Metrics.Length.ShouldBe(256);
        report.Find("loss").ShouldBe(2);
    }

    private static Metric[] Metrics(string line) => [.. MetricsLine.Read(line.Replace(',', ' '))];
}
