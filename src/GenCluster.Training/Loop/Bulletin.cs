using System.Buffers.Binary;

namespace GenCluster.Training.Loop;

/// <summary>
/// A message that one member has and all members get, as numbers that a sum leaves as they are: two bytes in each, and
/// zeros from everybody else. It takes the road of the gradients, so that it has come to all members or to none that
/// could go on without it.
/// </summary>
internal static class Bulletin
{
    /// <summary>Bytes that a message may have.</summary>
    public const int MaxBytes = (SlotLayout.BulletinLength - 1) * 2;

    /// <summary>Writes a message, or nothing.</summary>
    public static void Write(ReadOnlySpan<byte> message, Span<float> numbers)
    {
        if (message.Length > MaxBytes)
            throw new ArgumentException($"a bulletin has {message.Length} bytes; at most {MaxBytes} are allowed", nameof(message));

        numbers = numbers[..SlotLayout.BulletinLength];
        numbers.Clear();
        numbers[0] = message.Length;
        for (int i = 0; i < message.Length; i += 2)
            numbers[1 + (i / 2)] = message[i] | (i + 1 < message.Length ? message[i + 1] << 8 : 0);
    }

    /// <summary>The message in a sum.</summary>
    public static byte[] Read(ReadOnlySpan<float> numbers)
    {
        var message = new byte[Math.Clamp((int)numbers[0], 0, MaxBytes)];
        Span<byte> pair = stackalloc byte[2];
        for (int i = 0; i < message.Length; i += 2)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(pair, (ushort)numbers[1 + (i / 2)]);
            pair[..Math.Min(2, message.Length - i)].CopyTo(message.AsSpan(i));
        }

        return message;
    }
}
