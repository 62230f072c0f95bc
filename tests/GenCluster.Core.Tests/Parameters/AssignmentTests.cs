using GenCluster.Core.Parameters;
using static GenCluster.Core.Tests.Support.Samples;

namespace GenCluster.Core.Tests.Parameters;

public sealed class AssignmentTests
{
    private static readonly ParameterValue One = ParameterValue.Of(1L), Two = ParameterValue.Of(2L), Three = ParameterValue.Of(3L);

    [Fact]
    public void Order_of_writing_does_not_matter()
    {
        var one = Settings(("b", Two), ("a", One), ("B", Three));
        var other = Settings(("B", Three), ("a", One), ("b", Two));

        one.ShouldBe(other);
        one.GetHashCode().ShouldBe(other.GetHashCode());
        one.ToString().ShouldBe("B=3 a=1 b=2", "sorted by the letters' numbers, not by a language");
    }

    [Fact]
    public void Paths_and_values_matter()
    {
        Settings(("a", One)).ShouldNotBe(Settings(("a", Two)));
        Settings(("a", One)).ShouldNotBe(Settings(("b", One)));
        Settings(("a", One)).ShouldNotBe(Settings(("a", One), ("b", One)));
        Settings(("a", One)).Equals((object?)null).ShouldBeFalse();
        Settings(("a", One)).Equals((object)Settings(("a", One))).ShouldBeTrue();
    }

    [Fact]
    public void The_added_assignment_wins()
    {
        Settings(("a", One), ("b", One)).With(Settings(("b", Two), ("c", Three))).ShouldBe(Settings(("a", One), ("b", Two), ("c", Three)));
        Settings(("a", One)).With(Assignment.Empty).ShouldBe(Settings(("a", One)));
        Assignment.Empty.With(Settings(("a", One))).ShouldBe(Settings(("a", One)));
    }

    [Fact]
    public void A_missing_path_is_told_with_those_that_are_set()
    {
        var assignment = Settings(("latent", One), ("channels", Two));

        assignment["latent"].ShouldBe(One);
        assignment.Find("depth").ShouldBeNull();
        Should.Throw<KeyNotFoundException>(() => assignment["depth"]).Message
            .ShouldBe("no value is set for 'depth'; set are: channels, latent");
    }
}
