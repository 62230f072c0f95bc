using System.Buffers;

namespace GenCluster.Collectives.Frames;

/// <summary>A buffer that never grows, for messages whose largest size is known.</summary>
internal sealed class FixedBuffer(int capacity) : IBufferWriter<byte>
{
    private readonly byte[] bytes = new byte[capacity];
    private int length;

    public ReadOnlySpan<byte> Written => bytes.AsSpan(0, length);

    public void Clear() => length = 0;

    public void Advance(int count) => length += count;

    public Memory<byte> GetMemory(int sizeHint = 0) =>
        sizeHint <= bytes.Length - length
            ? bytes.AsMemory(length)
            : throw new InvalidOperationException($"a message outgrew its {bytes.Length} bytes");

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;
}
