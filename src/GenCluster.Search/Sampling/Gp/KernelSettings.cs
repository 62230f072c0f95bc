namespace GenCluster.Search.Sampling.Gp;

/// <summary>What a Gaussian process is determined by, besides its data.</summary>
/// <param name="Weights">The inverse squared length scale of each feature; a feature that does not matter has one near 0.</param>
/// <param name="Scale">The variance of the function.</param>
/// <param name="Noise">The variance of what is observed around it.</param>
internal sealed record KernelSettings(double[] Weights, double Scale, double Noise)
{
    /// <summary>These with a quarter of the length scales: the function may change four times as fast.</summary>
    public KernelSettings Doubted() => this with { Weights = [.. Weights.Select(w => 16 * w)] };
}
