using System.Runtime.InteropServices;
using GenCluster.Training.Safetensors;
using GenCluster.Training.Storage;

namespace GenCluster.Training.Checkpoints;

/// <summary>A network's numbers as named tensors, to write and to read back.</summary>
internal static class NetworkTensors
{
    /// <summary>Parameters and buffers under their names in the module's state dictionary.</summary>
    public static IEnumerable<TensorSource> Weights(NetworkStorage network, string prefix = "") =>
    [
        .. network.ParameterSlots.Select(slot => Floats(prefix + slot.Name, slot.Shape, () => network.Parameters.Slice(slot.Offset, slot.Length))),
        .. network.BufferSlots.Select(slot => Floats(prefix + slot.Name, slot.Shape, () => network.Buffers.Slice(slot.Offset, slot.Length))),
        .. network.CounterSlots.Select(slot => new TensorSource(
            prefix + slot.Name, ElementType.I64, slot.Shape, () => MemoryMarshal.AsBytes(network.Counters.Slice(slot.Offset, slot.Length)))),
    ];

    /// <summary>The averaged parameters; none when the network has no average.</summary>
    public static IEnumerable<TensorSource> Averages(NetworkStorage network, string prefix) => network.AverageDecay is null
        ? []
        : network.ParameterSlots.Select(slot => Floats(prefix + slot.Name, slot.Shape, () => network.Average.Slice(slot.Offset, slot.Length)));

    /// <summary>What the optimizer knows, flat, in the order of the storage.</summary>
    public static IEnumerable<TensorSource> Optimizer(NetworkStorage network)
    {
        yield return Floats("firstMoment", [network.FirstMoment.Length], () => network.FirstMoment);
        yield return Floats("secondMoment", [network.SecondMoment.Length], () => network.SecondMoment);
        yield return Floats("average", [network.Average.Length], () => network.Average);
        yield return TensorSource.I64("updates", [], new[] { network.Updates });
    }

    /// <summary>Reads what <see cref="Weights"/> and <see cref="Optimizer"/> wrote.</summary>
    /// <returns>What puts it into the network; until then nothing has changed.</returns>
    /// <exception cref="SafetensorsException">A tensor is missing, too many, or has another shape or type.</exception>
    public static Action Read(NetworkStorage network, SafetensorsFile weights, SafetensorsFile optimizer)
    {
        foreach (var source in Weights(network))
            weights.Require(source.Name, source.Type, [.. source.Shape]);
        foreach (var source in Optimizer(network))
            optimizer.Require(source.Name, source.Type, [.. source.Shape]);

        return () =>
        {
            foreach (var slot in network.ParameterSlots)
                Numbers<float>(weights, slot.Name).CopyTo(network.Parameters[slot.Offset..]);
            foreach (var slot in network.BufferSlots)
                Numbers<float>(weights, slot.Name).CopyTo(network.Buffers[slot.Offset..]);
            foreach (var slot in network.CounterSlots)
                Numbers<long>(weights, slot.Name).CopyTo(network.Counters[slot.Offset..]);
            Numbers<float>(optimizer, "firstMoment").CopyTo(network.FirstMoment);
            Numbers<float>(optimizer, "secondMoment").CopyTo(network.SecondMoment);
            Numbers<float>(optimizer, "average").CopyTo(network.Average);
            network.Updates = Numbers<long>(optimizer, "updates")[0];
            network.UploadParameters();
            network.UploadBuffers();
        };
    }

    private delegate Span<float> Values();

    private static TensorSource Floats(string name, long[] shape, Values values) =>
        new(name, ElementType.F32, shape, () => MemoryMarshal.AsBytes(values()));

    private static ReadOnlySpan<T> Numbers<T>(SafetensorsFile file, string name)
        where T : unmanaged => file.Tensors.First(tensor => tensor.Name == name).As<T>();
}
