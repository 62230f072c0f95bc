using TorchSharp;
using static TorchSharp.torch;

namespace GenCluster.Training.Storage;

/// <summary>
/// One run of numbers that torch sees as a tensor and the rest of the program as a span. The memory is torch's own
/// (64-byte aligned, counted by reference), so a view can outlive this object and never dangles. On a device whose
/// memory the host cannot read the span is a mirror, carried over by <see cref="Upload"/> and <see cref="Download"/>.
/// </summary>
public sealed unsafe class FlatBuffer<T> : IDisposable
    where T : unmanaged
{
    private readonly Tensor onDevice;
    private readonly Tensor onHost;
    private readonly nint address;
    private readonly T* mirror;
    private readonly int length;

    /// <summary>A buffer of zeros.</summary>
    /// <param name="mirrored">Whether the host gets a copy of its own; anything but CPU memory needs it.</param>
    public FlatBuffer(int length, Device device, bool mirrored = false)
    {
        this.length = length;
        onDevice = Zeros(device);
        onHost = mirrored ? Zeros(CPU) : onDevice;
        address = TensorMemory.AddressOf(onDevice);
        mirror = (T*)TensorMemory.AddressOf(onHost);
    }

    /// <summary>The numbers, as the host sees them.</summary>
    public Span<T> Span => new(mirror, length);

    /// <summary>A view of the numbers from <paramref name="offset"/> on, in row-major order; an ordinary tensor of the current scope.</summary>
    public Tensor View(int offset, params long[] shape)
    {
        long count = 1;
        foreach (long size in shape)
            count *= size;
        using var part = onDevice.narrow(0, offset, count);
        return part.view(shape);
    }

    /// <summary>Whether the tensor's first number is the one at <paramref name="offset"/> of this buffer.</summary>
    public bool Holds(Tensor tensor, int offset) => TensorMemory.AddressOf(tensor) == address + (nint)offset * sizeof(T);

    /// <summary>Makes the device see what the host has written.</summary>
    public void Upload() => Copy(onHost, onDevice);

    /// <summary>Makes the host see what the device has written.</summary>
    public void Download() => Copy(onDevice, onHost);

    public void Dispose()
    {
        onHost.Dispose();
        onDevice.Dispose();
    }

    private static void Copy(Tensor source, Tensor target)
    {
        if (ReferenceEquals(source, target))
            return;
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        target.copy_(source);
    }

    private Tensor Zeros(Device device) =>
        zeros(length, dtype: typeof(T) == typeof(float) ? ScalarType.Float32 : ScalarType.Int64, device: device).DetachFromDisposeScope();
}
