using GenCluster.Training.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace GenCluster.Training.Storage;

/// <summary>
/// One run of numbers that torch sees as a tensor and the rest of the program as a span. The memory is torch's own
/// (64-byte aligned, counted by reference), so a view can outlive this object and never dangles; or it is somebody
/// else's, who sees to that. On a device whose memory the host cannot read the span is a mirror, carried over by
/// <see cref="Upload"/> and <see cref="Download"/>.
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
    /// <param name="home">The address of memory where the host's numbers are to lie; 0: torch's own.</param>
    public FlatBuffer(int length, Device device, bool mirrored = false, nint home = 0)
    {
        this.length = length;
        onHost = home != 0 ? TensorMemory.Over(home, length, Type) : mirrored ? MirrorOf(device) : Zeros(device);
        onDevice = mirrored ? Zeros(device) : onHost;
        address = TensorMemory.AddressOf(onDevice);
        mirror = (T*)TensorMemory.AddressOf(onHost);
        if (home != 0)
            Span.Clear();
    }

    /// <summary>The numbers, as the host sees them.</summary>
    public Span<T> Span => new(mirror, length);

    private static ScalarType Type => typeof(T) == typeof(float) ? ScalarType.Float32 : ScalarType.Int64;

    /// <summary>A view of the numbers from <paramref name="offset"/> on, in row-major order; an ordinary tensor of the current scope.</summary>
    public Tensor View(int offset, params long[] shape)
    {
        long count = 1;
        foreach (long size in shape)
            count *= size;
        using var part = onDevice.narrow(0, offset, count);
        return part.view(shape);
    }

    /// <summary>The view for a module's tensor that lives here, in the order that kernels like (<see cref="ElementOrder"/>).</summary>
    public Tensor View(FlatSlot slot) => onDevice.as_strided(slot.Shape, ElementOrder.StridesOf(slot.Shape), slot.Offset);

    /// <summary>Whether the tensor's first number is the one at <paramref name="offset"/> of this buffer.</summary>
    public bool Holds(Tensor tensor, int offset) => TensorMemory.AddressOf(tensor) == address + (nint)offset * sizeof(T);

    /// <summary>Zeros, for the host and for the device.</summary>
    public void Clear()
    {
        Span.Clear();
        if (ReferenceEquals(onDevice, onHost))
            return;
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        onDevice.zero_();
    }

    /// <summary>Makes the device see what the host has written.</summary>
    public void Upload() => Copy(onHost, onDevice);

    /// <summary>Makes the host see what the device has written.</summary>
    public void Download() => Copy(onDevice, onHost);

    /// <summary>
    /// Begins to make the host see a part of what the device has been told to compute so far, while the device goes on;
    /// it is there after <see cref="SideStream.Wait"/>.
    /// </summary>
    public void StartDownload(int offset, int count)
    {
        if (ReferenceEquals(onDevice, onHost))
            return;
        if (onDevice.device_type is DeviceType.CUDA && SideStream.OfThisProcess is { } side)
        {
            side.CopyToHost((nint)(mirror + offset), address + (nint)offset * sizeof(T), (nint)count * sizeof(T));
            return;
        }

        using var scope = NewDisposeScope();
        Copy(onDevice.narrow(0, offset, count), onHost.narrow(0, offset, count));
    }

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

    private Tensor Zeros(Device device) => zeros(length, dtype: Type, device: device).DetachFromDisposeScope();

    /// <summary>Memory of the host; in reach of a CUDA device's copy engines where there is one.</summary>
    private Tensor MirrorOf(Device device)
    {
        var plain = Zeros(CPU);
        if (device.type is not DeviceType.CUDA || length == 0)
            return plain;
        using (plain)
            return plain.pin_memory().DetachFromDisposeScope();
    }
}
