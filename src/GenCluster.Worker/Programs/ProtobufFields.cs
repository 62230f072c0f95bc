namespace GenCluster.Worker.Programs;

/// <summary>Walks over the fields of a protocol buffer's message. What is no message ends early.</summary>
internal ref struct ProtobufFields(ReadOnlySpan<byte> message)
{
    private const int Varint = 0, Fixed64 = 1, Delimited = 2, Fixed32 = 5;

    private ReadOnlySpan<byte> rest = message;

    public int Number { get; private set; }

    /// <summary>Of a field that has a length; empty for numbers.</summary>
    public ReadOnlySpan<byte> Bytes { get; private set; }

    public bool Next()
    {
        Bytes = default;
        if (rest.IsEmpty || !ReadVarint(out ulong tag))
            return false;
        Number = (int)(tag >> 3);
        return (tag & 7) switch
        {
            Varint => ReadVarint(out _),
            Fixed64 => Skip(sizeof(ulong)),
            Fixed32 => Skip(sizeof(uint)),
            Delimited => ReadVarint(out ulong length) && length <= (ulong)rest.Length && Skip((int)length),
            _ => false,
        };
    }

    private bool Skip(int bytes)
    {
        if (bytes > rest.Length)
            return false;
        Bytes = rest[..bytes];
        rest = rest[bytes..];
        return true;
    }

    private bool ReadVarint(out ulong value)
    {
        value = 0;
        for (int shift = 0; shift < 64 && !rest.IsEmpty; shift += 7)
        {
            byte next = rest[0];
            rest = rest[1..];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
                return true;
        }

        return false;
    }
}
