using GenCluster.Cli.Watching;
using GenCluster.Core.Trials;

namespace GenCluster.Cli.Tests.Watching;

public sealed class LossChoiceTests
{
    [Theory]
    [InlineData("d.fake d.loss d.real g.loss", "d g")]
    [InlineData("kl loss reconstruction", "loss")]
    [InlineData("a b c", "a b")]
    [InlineData("", "")]
    public void Losses_come_before_other_values(string values, string shown)
    {
        var metrics = values.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select((n, i) => new Metric(n, i)).ToArray();

        string.Join(' ', LossChoice.Of(metrics).Select(m => m.Name)).ShouldBe(shown);
    }
}
