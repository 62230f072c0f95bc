using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Serialization;
using GenCluster.Actors.Protocol;
using MessagePack;

namespace GenCluster.Actors.Serialization;

/// <summary>
/// Writes wire messages and journal events as MessagePack with integer keys. Only types of <see cref="Manifests"/> are
/// written or read; data is taken as untrusted.
/// </summary>
/// <remarks>
/// Whatever comes from another process comes through here. A message that is refused is counted, logged by Akka.Remote
/// with this serializer's reason, and dropped; the connection stays.
/// </remarks>
public sealed class MessagePackWireSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    /// <summary>Nothing larger travels over the control plane.</summary>
    public const int MaxMessageBytes = 64 * 1024;

    /// <summary>Nothing larger is one event of a journal.</summary>
    public const int MaxEventBytes = 1024 * 1024;

    /// <summary>On-disk format: it stands beside every row of every journal.</summary>
    public const int Id = 7101;

    /// <summary>How all contracts are written.</summary>
    public static readonly MessagePackSerializerOptions Options =
        MessagePackSerializerOptions.Standard.WithSecurity(MessagePackSecurity.UntrustedData.WithMaximumObjectGraphDepth(32));

    public override int Identifier => Id;

    public override string Manifest(object o) =>
        Manifests.Find(o.GetType()) ?? throw new SerializationException($"{o.GetType()} has no manifest: it is not made to leave the process");

    public override byte[] ToBinary(object obj)
    {
        _ = Manifest(obj);
        byte[] bytes = MessagePackSerializer.Serialize(obj.GetType(), obj, Options);
        CheckLength(obj.GetType(), bytes.Length);
        return bytes;
    }

    public override object FromBinary(byte[] bytes, string manifest)
    {
        try
        {
            return Read(bytes, manifest);
        }
        catch (SerializationException)
        {
            RefusedMessages.Count();
            throw;
        }
    }

    /// <summary>Reads an event outside of an actor system, as the actors would.</summary>
    /// <param name="serializer">The id that stands beside it in the journal.</param>
    /// <exception cref="SerializationException">It is none of this release, or damaged.</exception>
    public static object ReadEvent(byte[] bytes, string manifest, int serializer) => serializer == Id
        ? Read(bytes, manifest)
        : throw new SerializationException($"'{Talk.Plain(manifest)}' was written by serializer {serializer}, and only {Id} is read");

    private static object Read(byte[] bytes, string manifest)
    {
        var type = Manifests.Find(manifest) ?? throw new SerializationException($"unknown manifest '{Talk.Plain(manifest)}'");
        CheckLength(type, bytes.Length);
        object message = Parse(type, bytes, manifest);
        return message is IWire wire && WireValidation.FaultOf(wire) is { } fault
            ? throw new SerializationException($"malformed '{manifest}': {fault}")
            : message;
    }

    private static object Parse(Type type, byte[] bytes, string manifest)
    {
        try
        {
            return MessagePackSerializer.Deserialize(type, bytes, Options) ?? throw new SerializationException($"'{manifest}' is null");
        }
        catch (Exception e) when (e is not SerializationException)
        {
            // The reader has more than one way to say that bytes make no sense.
            throw new SerializationException($"malformed '{manifest}': {e.Message}", e);
        }
    }

    private static void CheckLength(Type type, int length)
    {
        int allowed = type.IsAssignableTo(typeof(IWire)) ? MaxMessageBytes : MaxEventBytes;
        if (length > allowed)
            throw new SerializationException($"{type.Name} has {length} bytes; allowed are {allowed}");
    }
}
