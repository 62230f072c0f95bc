using System.Security.Cryptography;
using GenCluster.Collectives.Gangs;

namespace GenCluster.Collectives.Hellos;

/// <summary>
/// Proof that a side knows the gang's secret: HMAC-SHA256 over its role, the whole hello (which holds the dialer's nonce and
/// offer), the listener's nonce and offer, and for the dialer what it chose. The role keeps one side's proof from being played back as the other's.
/// </summary>
internal static class HelloProof
{
    public static byte[] OfListener(ReadOnlyMemory<byte> secret, ReadOnlyMemory<byte> hello, ReadOnlyMemory<byte> nonce, HelloOffer offer) =>
        Of(secret, "gencluster listener"u8, hello, nonce, offer, 0);

    public static byte[] OfDialer(ReadOnlyMemory<byte> secret, ReadOnlyMemory<byte> hello, HelloMessage.Welcome welcome, Transport chosen) =>
        Of(secret, "gencluster dialer"u8, hello, welcome.Nonce, welcome.Offer, (byte)chosen);

    /// <summary>Compares without telling by its time where two proofs differ.</summary>
    public static bool Equal(ReadOnlyMemory<byte> one, ReadOnlyMemory<byte> other) => CryptographicOperations.FixedTimeEquals(one.Span, other.Span);

    private static byte[] Of(
        ReadOnlyMemory<byte> secret, ReadOnlySpan<byte> role, ReadOnlyMemory<byte> hello, ReadOnlyMemory<byte> nonce, HelloOffer offer, byte chosen)
    {
        using var mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, secret.Span);
        mac.AppendData(role);
        mac.AppendData(hello.Span);
        mac.AppendData(nonce.Span);
        mac.AppendData(HelloCodec.Write(offer));
        mac.AppendData([chosen]);
        return mac.GetHashAndReset();
    }
}
