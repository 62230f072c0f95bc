using GenCluster.Core.Search;

namespace GenCluster.Search.Tests.Scheduling;

public sealed class SchedulersTests
{
    [Fact]
    public void They_are_those_that_a_sweep_file_may_name() => Schedulers.All.Select(s => s.Name).ShouldBe(SearchCatalogue.Schedulers.Select(s => s.Name));

    [Fact]
    public void An_unknown_name_finds_none() => Schedulers.Find("oracle").ShouldBeNull();
}
