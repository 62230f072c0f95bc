using GenCluster.Training.Artifacts;

namespace GenCluster.Training.Tests.Artifacts;

public sealed class Crc32CTests
{
    // RFC 3720, appendix B.4, and the check value of the catalogue of CRCs.
    [Theory]
    [InlineData("", 0u)]
    [InlineData("313233343536373839", 0xe3069283u)]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000", 0x8a9136aau)]
    [InlineData("ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff", 0x62a8ab43u)]
    [InlineData("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f", 0x46dd794eu)]
    public void Agrees_with_the_published_vectors(string hex, uint expected) => Crc32C.Of(Convert.FromHexString(hex)).ShouldBe(expected);
}
