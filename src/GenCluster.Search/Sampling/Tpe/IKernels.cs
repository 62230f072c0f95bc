using GenCluster.Core.Randomness;

namespace GenCluster.Search.Sampling.Tpe;

/// <summary>The kernels of a mixture along one axis: one for each observation, the prior's after them.</summary>
internal interface IKernels
{
    /// <summary>A coordinate drawn from a kernel.</summary>
    double Draw(int kernel, RandomStream stream);

    /// <summary>Adds to each sum the logarithm of that kernel's density at the coordinate, or of its probability of the value there.</summary>
    void AddLogs(double coordinate, Span<double> sums);
}
