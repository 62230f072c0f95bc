using GenCluster.Configuration.Schema;
using static GenCluster.Configuration.Sections.Distributions.DistributionKeys;

namespace GenCluster.Configuration.Sections.Distributions;

/// <summary>What values a distribution gives.</summary>
internal enum Gives
{
    Anything,
    Reals,
    Integers,

    /// <summary>Multiples of q: integers for an integer hyperparameter, else reals.</summary>
    Multiples,
}

/// <summary>A distribution as a file names it, W&amp;B's names where W&amp;B has one, and the keys that go with it.</summary>
internal sealed record DistributionForm(string Name, string Meaning, Gives Gives, Key[] Required, params Key[] Optional)
{
    public static readonly DistributionForm Constant = new("constant", "Always value.", Gives.Anything, [Value]);
    public static readonly DistributionForm Categorical = new("categorical", "One of values.", Gives.Anything, [Values], Probabilities, Weights);
    public static readonly DistributionForm Uniform = new("uniform", "A real number from min to max.", Gives.Reals, [Min, Max], Step);
    public static readonly DistributionForm IntUniform = new("int_uniform", "An integer from min to max.", Gives.Integers, [Min, Max], Step);

    public static IReadOnlyList<DistributionForm> All { get; } =
    [
        Constant,
        Categorical,
        Uniform,
        IntUniform,
        new("int_log_uniform", "An integer from min, at least 1, to max, whose logarithm is uniform.", Gives.Integers, [Min, Max]),
        new("q_uniform", "A number from min to max, rounded to a multiple of q within them.", Gives.Multiples, [Min, Max], Q),
        new("log_uniform_values", "A real number from min, above 0, to max, whose logarithm is uniform.", Gives.Reals, [Min, Max], Step),
        new("q_log_uniform_values", "The same, rounded to a multiple of q within the bounds.", Gives.Multiples, [Min, Max], Q),
        new("inv_log_uniform_values", "The same as log_uniform_values: log(1/x) is uniform exactly when log(x) is.", Gives.Reals, [Min, Max]),
        new("normal", "A number from the normal distribution of mean mu and deviation sigma; with bounds, from what lies between.", Gives.Reals, [], Mu, Sigma, Min, Max),
        new("q_normal", "The same, rounded to a multiple of q.", Gives.Multiples, [], Mu, Sigma, Q, Min, Max),
        new("log_normal", "A number whose logarithm is normal, of mean mu and deviation sigma; bounds are those of the number.", Gives.Reals, [], Mu, Sigma, Min, Max),
        new("q_log_normal", "The same, rounded to a multiple of q.", Gives.Multiples, [], Mu, Sigma, Q, Min, Max),
        new("beta", "A number from 0 to 1 from the beta distribution of shape a, b.", Gives.Reals, [], A, B),
        new("q_beta", "The same, rounded to a multiple of q.", Gives.Multiples, [], A, B, Q),
    ];

    /// <summary>Keys that it may have, those that it needs first.</summary>
    public IEnumerable<Key> Keys => [.. Required, .. Optional];

    public static DistributionForm? Find(string? name) => All.FirstOrDefault(f => f.Name == name);
}
