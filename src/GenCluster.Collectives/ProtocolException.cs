using GenCluster.Collectives.Hellos;

namespace GenCluster.Collectives;

/// <summary>A peer's bytes are not what the protocol allows. Stays inside this project: a gang tells it as <see cref="Gangs.GangBrokenException"/>.</summary>
internal sealed class ProtocolException(HelloRefusal refusal, string message, Exception? inner = null) : Exception(message, inner)
{
    public HelloRefusal Refusal { get; } = refusal;

    public static ProtocolException Malformed(string message, Exception? inner = null) => new(HelloRefusal.Malformed, message, inner);
}
