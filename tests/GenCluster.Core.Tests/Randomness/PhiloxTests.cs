using GenCluster.Core.Randomness;

namespace GenCluster.Core.Tests.Randomness;

/// <summary>The known answers that the authors of the generator publish with it (Random123, kat_vectors).</summary>
public sealed class PhiloxTests
{
    [Fact]
    public void Zeros_give_the_known_answer()
    {
        Philox.Block(0, new UInt32x4(0, 0, 0, 0)).ShouldBe(new UInt32x4(0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8));
    }

    [Fact]
    public void Ones_give_the_known_answer()
    {
        Philox.Block(ulong.MaxValue, new UInt32x4(uint.MaxValue, uint.MaxValue, uint.MaxValue, uint.MaxValue))
            .ShouldBe(new UInt32x4(0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd));
    }

    [Fact]
    public void Digits_of_pi_give_the_known_answer()
    {
        // The key's words, a4093822 and 299f31d0, lie in one number, the first in its lower half.
        Philox.Block(0x299f31d0_a4093822, new UInt32x4(0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344))
            .ShouldBe(new UInt32x4(0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1));
    }
}
