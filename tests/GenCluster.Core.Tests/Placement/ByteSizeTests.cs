using GenCluster.Core.Placement;

namespace GenCluster.Core.Tests.Placement;

public sealed class ByteSizeTests
{
    [Theory]
    [InlineData("1KiB", 1_024L)]
    [InlineData("512MiB", 536_870_912L)]
    [InlineData("1.5GiB", 1_610_612_736L)]
    [InlineData("1024TiB", 1_125_899_906_842_624)]
    [InlineData("1025TiB", null)]
    [InlineData("0GiB", null)]
    [InlineData("-1GiB", null)]
    [InlineData("6GB", null)]
    [InlineData("1e3GiB", null)]
    [InlineData("GiB", null)]
    [InlineData("6", null)]
    [InlineData("", null)]
    public void A_size_has_a_binary_unit(string text, long? bytes) => ByteSize.Parse(text).ShouldBe(bytes);

    [Theory]
    [InlineData(1_023, "1023 bytes")]
    [InlineData(1_024, "1KiB")]
    [InlineData(1_610_612_736, "1.5GiB")]
    [InlineData(25_769_803_776, "24GiB")]
    public void A_size_is_shown_in_the_unit_that_fits(long bytes, string text) => ByteSize.Text(bytes).ShouldBe(text);
}
