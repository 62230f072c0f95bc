namespace GenCluster.Server.Tests.Support;

/// <summary>Sweep files for requests to the API.</summary>
internal static class SweepTexts
{
    public const string Shirts = """
        apiVersion: gencluster/v1
        kind: Sweep
        name: shirts
        trainable: {model: dcgan}
        data: {dataset: fashion-mnist-sample, imageSize: 32}
        training: {steps: 600, batchSize: 64, seed: 7}
        objective: {metric: swd, goal: minimize}
        search: {algorithm: random, maxTrials: 2, parallelTrials: 2}
        parameters:
          loss: {values: [non-saturating, hinge]}
        """;
}
