using GenCluster.Core.Search;

namespace GenCluster.Search.Tests.Sampling;

/// <summary>What every sampler promises whose proposals depend on the seed.</summary>
public abstract class SamplingByChance : SamplerContract
{
    [Fact]
    public void Gives_other_values_for_another_seed()
    {
        Sampler.Propose(History(Space), 5, new SearchRandom(43)).ShouldNotBe(Propose(History(Space), 5));
        Sampler.Propose(Mixed(Space, 24), 5, new SearchRandom(43)).ShouldNotBe(Propose(Mixed(Space, 24), 5));
    }

    [Fact]
    public void Gives_other_values_to_other_trials()
    {
        Propose(History(Space), 20).Select(p => p.Assignment["uniform"]).ShouldBeUnique();
        Propose(Mixed(Space, 24), 5).Select(p => p.Assignment["uniform"]).ShouldBeUnique();
    }

    [Fact]
    public void Reaches_all_branches_of_a_conditional_space()
    {
        var proposals = Propose(History(Conditional), 40);

        proposals.Select(p => string.Join(' ', p.Assignment.Settings.Select(s => s.Path))).Distinct().Order(StringComparer.Ordinal)
            .ShouldBe(["choice deep layers", "choice layers", "choice only.a other.a"]);
    }
}
