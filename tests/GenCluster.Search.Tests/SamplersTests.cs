using GenCluster.Configuration.Schema;

namespace GenCluster.Search.Tests;

public sealed class SamplersTests
{
    [Fact]
    public void Names_are_unique() => Samplers.All.Select(s => s.Name).ShouldBeUnique();

    [Fact]
    public void They_are_those_that_a_sweep_file_may_name() => Samplers.All.Select(s => s.Name).ShouldBe(SweepSchema.Algorithms);

    [Fact]
    public void An_unknown_name_finds_none() => Samplers.Find("oracle").ShouldBeNull();
}
