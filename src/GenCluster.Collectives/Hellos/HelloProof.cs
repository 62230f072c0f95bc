using System.Security.Cryptography;

namespace GenCluster.Collectives.Hellos;

/// <summary>
/// Proof that a side knows the gang's secret: HMAC-SHA256 over its role, the whole hello (which holds the dialer's nonce)
/// and the listener's nonce. The role keeps one side's proof from being played back as the other's.
/// </summary>
internal static class HelloProof
{
    public static byte[] OfListener(ReadOnlyMemory<byte> secret, ReadOnlyMemory<byte> hello, ReadOnlyMemory<byte> nonce) =>
        Of(secret, "gencluster listener"u8, hello, nonce);

    public static byte[] OfDialer(ReadOnlyMemory<byte> secret, ReadOnlyMemory<byte> hello, ReadOnlyMemory<byte> nonce) =>
        Of(secret, "gencluster dialer"u8, hello, nonce);

    /// <summary>Compares without telling by its time where two proofs differ.</summary>
    public static bool Equal(ReadOnlyMemory<byte> one, ReadOnlyMemory<byte> other) => CryptographicOperations.FixedTimeEquals(one.Span, other.Span);

    private static byte[] Of(ReadOnlyMemory<byte> secret, ReadOnlySpan<byte> role, ReadOnlyMemory<byte> hello, ReadOnlyMemory<byte> nonce)
    {
        using var mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, secret.Span);
        mac.AppendData(role);
        mac.AppendData(hello.Span);
        mac.AppendData(nonce.Span);
        return mac.GetHashAndReset();
    }
}
