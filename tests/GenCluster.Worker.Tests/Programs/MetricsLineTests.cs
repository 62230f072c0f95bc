using GenCluster.Core.Trials;
using GenCluster.Worker.Programs;

namespace GenCluster.Worker.Tests.Programs;

public sealed class MetricsLineTests
{
    [Theory]
    [InlineData("""{"epoch": 3, "loss": 0.25}""", "epoch=3 loss=0.25")]
    [InlineData("""  {"loss":1e-05,"ok":true,"note":"fine","nothing":null,"list":[1]}  """, "loss=1E-05 ok=1")]
    [InlineData("""{"loss": "0.5", "accuracy": " 0.9 "}""", "loss=0.5 accuracy=0.9")] // Katib's collector of JSON
    [InlineData("""{"val": {"loss": 0.5, "by": {"class": 2}}}""", "val.loss=0.5 val.by.class=2")]
    [InlineData("""{"loss": NaN, "best": -Infinity, "text": "NaN \" Infinity"}""", "loss=NaN best=-∞")]
    [InlineData("""{"loss": 0.5""", "")]
    [InlineData("""{"loss" 0.5}""", "")]
    [InlineData("""[{"loss": 0.5}]""", "")]
    [InlineData("""{"": 1, "x": 2}""", "x=2")]
    [InlineData("loss=0.25", "loss=0.25")]
    [InlineData("2024-05-01 INFO epoch 3: loss = 0.25, accuracy=9.5e-1; lr=+1E-3.", "loss=0.25 accuracy=0.95 lr=0.001")]
    [InlineData("val/loss=0.5|x test-f1=-.5 top.5=1", "val/loss=0.5 test-f1=-0.5 top.5=1")]
    [InlineData("loss=nan acc=-inf", "loss=NaN acc=-∞")]
    [InlineData("acc=93.5%", "acc=93.5")]
    [InlineData("time=12s a==3 b>=4 name=Adam, =5 c=", "")]
    [InlineData("no metrics here", "")]
    [InlineData("", "")]
    [InlineData("\0\u0001=\u0002", "")]
    public void A_line_is_read(string line, string expected) => Text(MetricsLine.Read(line)).ShouldBe(expected);

    [Fact]
    public void A_name_without_end_and_a_nest_without_bottom_cost_no_time()
    {
        MetricsLine.Read(new string('a', 60_000) + " = 1").ShouldBeEmpty();
        MetricsLine.Read(string.Concat(Enumerable.Repeat("=", 60_000))).ShouldBeEmpty();
        MetricsLine.Read(string.Concat(Enumerable.Repeat("{\"a\":", 5_000)) + "1" + new string('}', 5_000)).ShouldBeEmpty();
    }

    [Fact]
    public void A_line_has_no_more_values_than_are_looked_at()
    {
        MetricsLine.Read(string.Join(' ', Enumerable.Range(0, 2_000).Select(i => $"m{i}={i}"))).Count.ShouldBe(MetricsLine.MaxValues);
        MetricsLine.Read("{" + string.Join(',', Enumerable.Range(0, 2_000).Select(i => $"\"m{i}\":{i}")) + "}").Count.ShouldBe(MetricsLine.MaxValues);
    }

    private static string Text(IEnumerable<Metric> metrics) =>
        string.Join(' ', metrics.Select(m => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{m.Name}={m.Value}"))).Replace("Infinity", "∞", StringComparison.Ordinal);
}
