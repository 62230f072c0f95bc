using MessagePack;

namespace GenCluster.Core.Sweeps;

/// <summary>
/// How gradients are encoded in the sum. Every node of the summation tree is encoded, whoever computes it, and what a
/// code leaves out is added to the same node's next vector, so the weights do not depend on the number of workers.
/// </summary>
/// <param name="Ratio">The part of the elements that top-k keeps; 0 for the other codes.</param>
[MessagePackObject]
public sealed record CompressionSpec([property: Key(0)] Compression Code, [property: Key(1)] double Ratio = 0);

/// <summary>A lossy code for gradients.</summary>
public enum Compression
{
    /// <summary>The upper half of each float: 2 times smaller.</summary>
    Bf16 = 0,

    /// <summary>Multiples of a scale that 256 elements share: almost 4 times smaller.</summary>
    Int8 = 1,

    /// <summary>Only the elements of the largest magnitude.</summary>
    TopK = 2,
}

/// <summary>
/// Infrequent synchronisation, for slow networks: members train alone and then average what they have changed
/// (DiLoCo, Douillard et al. 2023). Learning rate 1 without momentum is Local SGD (Stich 2019).
/// </summary>
/// <param name="LocalSteps">Steps from one average to the next; the last round may be shorter.</param>
/// <param name="OuterLearningRate">How much of the averaged change is applied.</param>
/// <param name="OuterMomentum">Nesterov momentum of the averaged change.</param>
[MessagePackObject]
public sealed record DilocoSpec(
    [property: Key(0)] int LocalSteps, [property: Key(1)] double OuterLearningRate, [property: Key(2)] double OuterMomentum)
{
    /// <summary>Whether members average after this step.</summary>
    public bool IsRoundEnd(int step, int steps) => step == steps || (step > 0 && step % LocalSteps == 0);
}

/// <summary>Whether gradients travel while the backward pass still computes others. The weights do not depend on it.</summary>
public enum Overlap
{
    /// <summary>Where it is faster: on a GPU.</summary>
    Auto = 0,
    On = 1,
    Off = 2,
}

/// <summary>The numbers that networks compute with.</summary>
public enum Precision
{
    Float32 = 0,

    /// <summary>Mixed precision on CUDA: faster, and not exact between devices or releases.</summary>
    Bf16 = 1,
}
