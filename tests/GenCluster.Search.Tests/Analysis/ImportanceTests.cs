using GenCluster.Core.Parameters;
using GenCluster.Core.Randomness;
using GenCluster.Core.Search;
using GenCluster.Search.Analysis;

namespace GenCluster.Search.Tests.Analysis;

/// <summary>Functions whose shares of variance are known, sampled at random.</summary>
public sealed class ImportanceTests
{
    private static readonly SearchRandom Random = new(7);

    [Fact]
    public void An_additive_function_is_divided_by_the_variances_of_its_terms()
    {
        // 3a + 2b + c on the unit cube: variances 9, 4 and 1 twelfths. The fourth parameter does nothing.
        var importance = Explain(Cube("a", "b", "c", "nothing"), 500, v => 3 * v("a") + 2 * v("b") + v("c"));

        importance.Parameters.Select(p => p.Path).ShouldBe(["a", "b", "c", "nothing"]);
        importance.Parameters[0].Share.ShouldBe(9.0 / 14, 0.04);
        importance.Parameters[1].Share.ShouldBe(4.0 / 14, 0.04);
        importance.Parameters[2].Share.ShouldBe(1.0 / 14, 0.04); // trees cut last where there is least to gain
        importance.Parameters[3].Share.ShouldBeLessThan(importance.Parameters[2].Share / 3);
        importance.Interactions.ShouldAllBe(i => i.Share < 0.03);
        importance.Trials.ShouldBe(500);
        importance.Silence.ShouldBeNull();
    }

    [Fact]
    public void A_pure_interaction_belongs_to_neither_parameter_alone()
    {
        // (a - 1/2)(b - 1/2): no part of the variance is of one parameter.
        var importance = Explain(Cube("a", "b", "c"), 800, v => (v("a") - 0.5) * (v("b") - 0.5));

        importance.Interactions[0].ShouldSatisfyAllConditions(i => i.First.ShouldBeOneOf("a", "b"), i => i.Second.ShouldBeOneOf("a", "b"));
        importance.Interactions[0].Share.ShouldBeGreaterThan(0.7);
        importance.Parameters.ShouldAllBe(p => p.Share < 0.15);
    }

    [Fact]
    public void Each_parameter_counts_on_the_scale_on_which_it_is_searched()
    {
        // log10 of a learning rate over four decades has the variance 16/12; a choice of 0 or 2 with equal odds has 1.
        var space = new ParameterSpace(
        [
            new("learningRate", new LogUniform(1e-5, 1e-1)),
            new("loss", new Categorical([ParameterValue.Of("hinge"), ParameterValue.Of("wasserstein")], null)),
        ]);

        var importance = ExplainAssignments(space, 400, a => Math.Log10(a["learningRate"].AsNumber()) + (a["loss"].AsText() == "hinge" ? 0 : 2));

        importance.Parameters.Single(p => p.Path == "learningRate").Share.ShouldBe(16.0 / 28, 0.04);
        importance.Parameters.Single(p => p.Path == "loss").Share.ShouldBe(12.0 / 28, 0.04);
    }

    [Fact]
    public void A_parameter_that_some_trials_lack_is_imputed()
    {
        Parameter[] parameters = [new("a", new Uniform(0, 1)), new("b", new Uniform(0, 1))];
        var space = new ParameterSpace(parameters);
        var assignments = Draw(space, 200).Select((a, i) => i % 2 == 0 ? a : new Assignment([new("a", a["a"])])).ToArray();

        var importance = Importance.Of("loss", space, assignments, [.. assignments.Select(a => a["a"].AsNumber())], Random);

        importance.Parameters[0].Path.ShouldBe("a");
        importance.Parameters[0].Share.ShouldBeGreaterThan(0.95);
    }

    [Fact]
    public void The_same_trials_give_the_same_answer()
    {
        var first = Explain(Cube("a", "b"), 100, v => v("a") * v("b"));
        var again = Explain(Cube("a", "b"), 100, v => v("a") * v("b"));

        again.Parameters.ShouldBe(first.Parameters);
        again.Interactions.ShouldBe(first.Interactions);
    }

    [Theory]
    [InlineData(1e300)]
    [InlineData(1e-300)]
    public void Shares_do_not_depend_on_the_size_of_the_numbers(double scale)
    {
        var importance = Explain(Cube("a", "b"), 100, v => scale * (v("a") + v("b") / 10));

        importance.Parameters[0].ShouldSatisfyAllConditions(p => p.Path.ShouldBe("a"), p => p.Share.ShouldBeInRange(0.9, 1));
    }

    [Fact]
    public void More_trials_than_are_looked_at_are_thinned_out_evenly() =>
        Explain(Cube("a"), 2_500, v => v("a")).Trials.ShouldBe(Importance.MaxTrials);

    [Fact]
    public void It_says_why_it_cannot_tell()
    {
        Explain(Cube("a"), 7, v => v("a")).Silence.ShouldBe("8 trials that were trained to their end are needed, and there are 7");
        Explain(Cube("a"), 20, _ => 1).Silence.ShouldBe("all trials have the same value");
        Explain(new ParameterSpace([new("a", new Constant(ParameterValue.Of(1.0)))]), 20, _ => 1).Silence.ShouldBe("nothing is searched");
    }

    private static ParameterSpace Cube(params string[] names) => new([.. names.Select(n => new Parameter(n, new Uniform(0, 1)))]);

    private static Importance Explain(ParameterSpace space, int trials, Func<Func<string, double>, double> f) =>
        ExplainAssignments(space, trials, a => f(name => a[name].AsNumber()));

    private static Importance ExplainAssignments(ParameterSpace space, int trials, Func<Assignment, double> f)
    {
        var assignments = Draw(space, trials);
        return Importance.Of("loss", space, assignments, [.. assignments.Select(f)], Random);
    }

    private static Assignment[] Draw(ParameterSpace space, int trials)
    {
        var random = new RandomStream(11, new StreamAddress(StreamPurpose.Search));
        return [.. Enumerable.Range(0, trials).Select(_ => space.At(_ => random.NextDouble()))];
    }
}
