using GenCluster.Core.Trials;
using static GenCluster.Core.Tests.Support.Samples;

namespace GenCluster.Core.Tests.Trials;

public sealed class TrialOutcomeTests
{
    [Fact]
    public void Reports_compare_by_value()
    {
        var report = new MetricReport(10, [new Metric("loss", 1), new Metric("swd", 2)]);

        report.ShouldBe(new MetricReport(10, [new Metric("loss", 1), new Metric("swd", 2)]));
        report.GetHashCode().ShouldBe(new MetricReport(10, [new Metric("loss", 1), new Metric("swd", 2)]).GetHashCode());
        report.ShouldNotBe(report with { Step = 11 });
        report.ShouldNotBe(new MetricReport(10, [new Metric("loss", 1), new Metric("swd", 3)]));
        report.ShouldNotBe(new MetricReport(10, [new Metric("loss", 1)]));
        Report(10, double.NaN).ShouldBe(Report(10, double.NaN));
    }

    [Fact]
    public void A_metric_is_found_by_its_name()
    {
        Report(10, 2).Find("swd").ShouldBe(2);
        Report(10, 2).Find("fid").ShouldBeNull();
    }

    [Fact]
    public void Grants_compare_by_value()
    {
        var grant = new LeaseGranted(1, [Anna, Ben]);

        grant.ShouldBe(new LeaseGranted(1, [Anna, Ben]));
        grant.GetHashCode().ShouldBe(new LeaseGranted(1, [Anna, Ben]).GetHashCode());
        grant.ShouldNotBe(new LeaseGranted(1, [Ben, Anna]));
        grant.ShouldNotBe(new LeaseGranted(2, [Anna, Ben]));
    }
}
