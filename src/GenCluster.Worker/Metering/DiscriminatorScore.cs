namespace GenCluster.Worker.Metering;

/// <summary>A discriminator's score as how sure it is that images are real, from 0 to 1.</summary>
internal static class DiscriminatorScore
{
    /// <param name="loss">By its name in the zoo.</param>
    /// <param name="score">Raw, the mean over a batch.</param>
    /// <returns>Null where scores have no bounds and so say nothing of the kind.</returns>
    public static double? ToProbability(string? loss, double score) => loss switch
    {
        "non-saturating" => 1 / (1 + Math.Exp(-score)), // Goodfellow et al. 2014: the score is the logit
        "hinge" => 1 / (1 + Math.Exp(-2 * score)), // beyond a margin of 1 there is nothing more to learn, which is 0.88 here
        "least-squares" => Math.Clamp(score, 0, 1), // Mao et al. 2017: real is 1, generated is 0
        _ => null,
    };
}
