using static TorchSharp.torch;

namespace GenCluster.Training.Storage;

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
        var slot = new FlatSlot(name, tensor, Length, checked((int)tensor.numel()));
        slots.Add(slot);
        Length = checked(Length + slot.Room);
    }
}
