using GenCluster.Collectives.Hellos;
using MessagePack;

namespace GenCluster.Collectives;

/// <summary>What all messages of the data plane have in common: each is a MessagePack array that starts with the version.</summary>
internal static class Protocol
{
    public const byte Version = 2;

    /// <summary>Reads the array header and the version, before anything that another version might lay out otherwise.</summary>
    public static void ReadStart(ref MessagePackReader reader, int fields)
    {
        var count = ReadStart(ref reader);
        if (count != fields)
        {
            throw ProtocolException.Malformed($"a message has {count} fields, not {fields}");
        }
    }

    /// <summary>Reads the array header and the version, and gives the number of fields.</summary>
    public static int ReadStart(ref MessagePackReader reader)
    {
        var count = reader.ReadArrayHeader();
        var version = reader.ReadByte();
        return version == Version
            ? count
            : throw new ProtocolException(
                HelloRefusal.Version, $"the peer speaks data plane version {version}, this worker {Version}; run the same GenCluster release on all workers");
    }

    /// <summary>
    /// Whether it is what <see cref="MessagePackReader"/> throws for bytes that are not what was asked for; the last is for a
    /// bin of 2 GiB and more, whose length turns negative inside the reader.
    /// </summary>
    public static bool IsMalformed(Exception e) =>
        e is MessagePackSerializationException or EndOfStreamException or OverflowException or ArgumentOutOfRangeException;
}
