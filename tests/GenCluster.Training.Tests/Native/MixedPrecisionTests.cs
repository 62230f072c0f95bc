using GenCluster.Training.Native;

namespace GenCluster.Training.Tests.Native;

public sealed class MixedPrecisionTests
{
    [Fact]
    public void Is_on_until_disposed()
    {
        MixedPrecision.IsOn.ShouldBeFalse();
        using (MixedPrecision.Use())
            MixedPrecision.IsOn.ShouldBeTrue();
        MixedPrecision.IsOn.ShouldBeFalse();
    }
}
