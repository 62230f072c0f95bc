using static GenCluster.Dashboards.Tests.Rules.Groups.Phrases;

namespace GenCluster.Dashboards.Tests.Rules.Groups;

/// <summary>What is trained learns something.</summary>
/// <remarks>
/// A discriminator at 0.5 on both is what Goodfellow et al. (NeurIPS 2014, section 4) derive for a perfect generator, so it is
/// a fault only when the generator stands still and its samples grow alike. A discriminator that is always right leaves the
/// generator of the original loss without a gradient (Arjovsky and Bottou, ICLR 2017, theorem 2.4).
/// </remarks>
internal static class ModelRules
{
    private const string Diversity = "gencluster_gan_sample_diversity";

    public static RuleGroup Group { get; } = new(
        "models", "What is trained learns something.",
        new Alert(
            "GenClusterModeCollapse", Severity.Warning, "5m",
            $"""
            max by (namespace, sweep, trial) ({Diversity})
              / max by (namespace, sweep, trial) (max_over_time({Diversity}[1d])) < 0.5
            """,
            $"The generator draws the same images again and again: {Trial}{Here}",
            $"The diversity of its samples is {Share} of its best. Its weights before that are in an earlier checkpoint."),
        new Alert(
            "GenClusterDiscriminatorSaturated", Severity.Warning, "10m",
            $"""
            min by (namespace, sweep, trial) (gencluster_gan_discriminator_score{"{"}on="real"{"}"}) > 0.95
              and max by (namespace, sweep, trial) (gencluster_gan_discriminator_score{"{"}on="fake"{"}"}) < 0.05
            """,
            $"The discriminator is always right: {Trial}{Here}",
            $"It is {Share} sure of real images and knows all generated ones. The generator gets next to no gradient and learns nothing."),
        new Alert(
            "GenClusterDiscriminatorBlind", Severity.Warning, "15m",
            $"""
            abs(avg by (namespace, sweep, trial) (gencluster_gan_discriminator_score{"{"}on="real"{"}"}) - 0.5) < 0.05
              and abs(avg by (namespace, sweep, trial) (gencluster_gan_discriminator_score{"{"}on="fake"{"}"}) - 0.5) < 0.05
              and avg by (namespace, sweep, trial) (stddev_over_time(gencluster_gan_loss{"{"}net="g"{"}"}[30m])) < 0.05
              and max by (namespace, sweep, trial) (delta({Diversity}[30m])) < 0
            """,
            $"The discriminator tells nothing apart, and the generator stands still: {Trial}{Here}",
            "Its scores are within {{ $value | printf \"%.2f\" }} of 0.5 while the generator's loss is flat and its samples grow alike."),
        new Alert(
            "GenClusterGradientsUnbalanced", Severity.Warning, "10m",
            $"""
            avg by (namespace, sweep, trial) (gencluster_gan_grad_norm{"{"}net="g"{"}"}) / avg by (namespace, sweep, trial) (gencluster_gan_grad_norm{"{"}net="d"{"}"}) > 100
              or avg by (namespace, sweep, trial) (gencluster_gan_grad_norm{"{"}net="g"{"}"}) / avg by (namespace, sweep, trial) (gencluster_gan_grad_norm{"{"}net="d"{"}"}) < 0.01
            """,
            $"One network learns much faster than the other: {Trial}{Here}",
            $"The generator's gradient is {Number} times the discriminator's; between 0.01 and 100 is usual."),
        new Alert(
            "GenClusterNonFinite", Severity.Info, "0m",
            $$"""
            sum by (namespace) ({{Rise("gencluster_gan_nonfinite_total", "1h")}}) > 0
            """,
            $"Losses or gradients are not finite{Here}",
            $"Runs that ended for it in the last hour: {Count}. Such trials fail, and the search learns to stay away."));
}
