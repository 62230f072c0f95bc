using GenCluster.Training.Native;

namespace GenCluster.Training.Tests.Native;

public sealed class CudaNumericsTests : IDisposable
{
    // Deterministic algorithms only is a setting of the process, and there are operations without one.
    public void Dispose() => CudaNumerics.Apply(exact: false);

    [Fact]
    public void Exact_numbers_are_switched_on_and_off()
    {
        CudaNumerics.Apply(exact: true);
        CudaNumerics.IsExact.ShouldBeTrue();

        CudaNumerics.Apply(exact: false);
        CudaNumerics.IsExact.ShouldBeFalse();
    }
}
