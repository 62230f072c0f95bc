using GenCluster.Actors.Serialization;
using GenCluster.Core.Parameters;
using MessagePack;

namespace GenCluster.Actors.Tests.Serialization;

/// <summary>Distributions and conditions are in journals: what each looks like there stays.</summary>
public sealed class SpaceSerializationTests
{
    public static TheoryData<string, Distribution> Distributions => new()
    {
        { "920594cb0000000000000000cb4000000000000000cbbff0000000000000c0", new Normal(0, 2, -1) },
        { "920694cb3fe0000000000000cb3ff0000000000000c0cb4020000000000000", new LogNormal(0.5, 1, null, 8) },
        { "920792cb4000000000000000cb4014000000000000", new Beta(2, 5) },
        { "9208920140", new IntLogUniform(1, 64) },
        { "920994920392cb3ff0000000000000cb4059000000000000cb4014000000000000c3cb3ff0000000000000", new Quantized(new LogUniform(1, 100), 5, Integers: true, Origin: 1) },
    };

    [Theory]
    [MemberData(nameof(Distributions), DisableDiscoveryEnumeration = true)]
    public void A_distribution_is_written_as_ever_and_read_again(string hex, Distribution distribution)
    {
        byte[] bytes = MessagePackSerializer.Serialize(distribution, MessagePackWireSerializer.Options);

        Convert.ToHexStringLower(bytes).ShouldBe(hex);
        MessagePackSerializer.Deserialize<Distribution>(bytes, MessagePackWireSerializer.Options).ShouldBe(distribution);
    }

    [Fact]
    public void A_space_with_conditions_and_constraints_is_read_again()
    {
        var space = new ParameterSpace(
            [new("penalty", new Uniform(1, 20), new Predicate("loss == 'hinge'")), new("loss", new Categorical([ParameterValue.Of("hinge")], null))],
            [new Predicate("penalty < 10")]);

        byte[] bytes = MessagePackSerializer.Serialize(space, MessagePackWireSerializer.Options);

        MessagePackSerializer.Deserialize<ParameterSpace>(bytes, MessagePackWireSerializer.Options).ShouldBe(space);
        MessagePackSerializer.Deserialize<Predicate>(MessagePackSerializer.Serialize(space.Constraints[0], MessagePackWireSerializer.Options), MessagePackWireSerializer.Options)
            .Names.ShouldBe(["penalty"]);
    }
}
