using static TorchSharp.torch;

namespace GenCluster.Training.Storage;

/// <summary>A tensor of a module and its place in a flat buffer.</summary>
/// <param name="Name">Its key in the module's state dictionary.</param>
/// <param name="Tensor">The module's own tensor.</param>
/// <param name="Offset">Its first number in the buffer.</param>
/// <param name="Length">How many numbers it has.</param>
public sealed record FlatSlot(string Name, Tensor Tensor, int Offset, int Length)
{
    public long[] Shape => Tensor.shape;
}

/// <summary>Gives tensors their places in a flat buffer: in order, each on 64 bytes, zeros in between.</summary>
internal sealed class FlatLayout
{
    /// <summary>Numbers in a step: one 512-bit vector of floats, so kernels over whole buffers have no tail.</summary>
    public const int Step = 16;

    private readonly HashSet<nint> seen = [];
    private readonly List<FlatSlot> slots = [];

    public IReadOnlyList<FlatSlot> Slots => slots;

    public int Length { get; private set; }

    /// <summary>Adds a tensor; one that a module has under a second name keeps its first place.</summary>
    public void Add(string name, Tensor tensor)
    {
        if (!seen.Add(tensor.Handle))
            return;
        int length = checked((int)tensor.numel());
        slots.Add(new FlatSlot(name, tensor, Length, length));
        Length = checked(Length + (length + Step - 1) / Step * Step);
    }
}
