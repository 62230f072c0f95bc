using GenCluster.Collectives.Gangs;
using GenCluster.Collectives.Hellos;
using GenCluster.Collectives.Memory;
using GenCluster.Collectives.Tests.Support;

namespace GenCluster.Collectives.Tests.Hellos;

public sealed class HelloCodecTests
{
    private static readonly byte[] One = [.. Enumerable.Repeat((byte)0x11, 32)];
    private static readonly byte[] Two = [.. Enumerable.Repeat((byte)0x22, 32)];

    private static readonly HelloOffer Offer = new(
        Guid.Parse("01020304-0506-0708-090a-0b0c0d0e0f10"), TransportSet.SharedMemory | TransportSet.Tcp, new MemoryOffer(4711, 99, Two));

    private static readonly HelloMessage.Welcome Welcome = new(One, Offer, 4_000_000_000, Two);

    public static TheoryData<string> Names => ["hello", "welcome", "proof", "ready", "refused"];

    [Theory]
    [MemberData(nameof(Names))]
    public void Bytes_of_each_message_are_golden(string name)
    {
        HelloStream.Wrap(HelloCodec.Write(Message(name))).ShouldBeGolden("hello-" + name);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Golden_bytes_are_read_back(string name)
    {
        var message = HelloCodec.Read(Golden.Read("hello-" + name).AsMemory(3));

        message.ShouldBeOfType(Message(name).GetType());
        HelloStream.Wrap(HelloCodec.Write(message)).ShouldBeGolden("hello-" + name);
    }

    [Fact]
    public void The_longest_hello_fits_its_size()
    {
        var hello = (HelloMessage.Hello)Message("hello") with { Trial = new string('x', 256), Epoch = long.MaxValue, From = int.MaxValue, To = int.MaxValue, Offer = Offer with { Memory = new MemoryOffer(int.MaxValue, int.MaxValue, One) } };

        var bytes = HelloCodec.Write(hello);

        bytes.Length.ShouldBeLessThanOrEqualTo(HelloCodec.MaxSize);
        ((HelloMessage.Hello)HelloCodec.Read(bytes)).Trial.ShouldBe(hello.Trial);
    }

    [Fact]
    public void Rejects_a_trial_of_more_than_256_bytes_and_none()
    {
        var hello = (HelloMessage.Hello)Message("hello");

        Should.Throw<ProtocolException>(() => HelloCodec.Read(HelloCodec.Write(hello with { Trial = new string('x', 257) }))).Message
            .ShouldBe("a trial's id has 257 bytes; 1 to 256 are allowed");
        Should.Throw<ProtocolException>(() => HelloCodec.Read(HelloCodec.Write(hello with { Trial = "" }))).Message
            .ShouldBe("a trial's id has 0 bytes; 1 to 256 are allowed");
    }

    [Fact]
    public void Rejects_digests_of_another_length_and_bytes_after_the_end()
    {
        Should.Throw<ProtocolException>(() => HelloCodec.Read(HelloCodec.Write(new HelloMessage.Proof(Transport.Tcp, 0, One.AsMemory(1))))).Message
            .ShouldBe("a digest of a hello message has 31 bytes, not 32");
        Should.Throw<ProtocolException>(() => HelloCodec.Read(new byte[] { 0x94, 2, 4, 3, 0, 0 })).Message
            .ShouldBe("a hello message has bytes after its end");
    }

    [Fact]
    public void Proofs_differ_by_role_hello_nonce_offer_choice_and_secret()
    {
        byte[][] proofs =
        [
            HelloProof.OfListener(One, One, Two, Offer),
            HelloProof.OfListener(One, One, Two, Offer with { Transports = TransportSet.Tcp }),
            HelloProof.OfDialer(One, One, Welcome, Transport.Tcp),
            HelloProof.OfDialer(One, One, Welcome, Transport.SharedMemory),
            HelloProof.OfDialer(One, Two, Welcome, Transport.Tcp),
            HelloProof.OfDialer(One, One, Welcome with { Nonce = Two }, Transport.Tcp),
            HelloProof.OfDialer(One, One, Welcome with { Offer = Offer with { Host = Guid.Empty } }, Transport.Tcp),
            HelloProof.OfDialer(Two, One, Welcome, Transport.Tcp),
        ];

        proofs.Select(Convert.ToHexString).Distinct().Count().ShouldBe(proofs.Length);
        HelloProof.Equal(proofs[0], HelloProof.OfListener(One, One, Two, Offer)).ShouldBeTrue();
        HelloProof.Equal(proofs[0], proofs[1]).ShouldBeFalse();
        HelloProof.Equal(proofs[0], proofs[0].AsMemory(1)).ShouldBeFalse();
    }

    private static HelloMessage Message(string name) => name switch
    {
        "hello" => new HelloMessage.Hello(HelloPurpose.Gang, "trial-7", 300, 2, 0, DataType.Float32, One, Two, Offer),
        "welcome" => Welcome,
        "proof" => new HelloMessage.Proof(Transport.SharedMemory, 5_000_000_000, One),
        "ready" => new HelloMessage.Ready(Transport.Tcp, 6_000_000_000),
        _ => new HelloMessage.Refused(HelloRefusal.Plan),
    };
}
