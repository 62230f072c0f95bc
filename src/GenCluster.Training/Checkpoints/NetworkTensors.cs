using System.Runtime.InteropServices;
using GenCluster.Training.Safetensors;
using GenCluster.Training.Storage;

namespace GenCluster.Training.Checkpoints;

/// <summary>A network's numbers as named tensors, to write and to read back.</summary>
internal static class NetworkTensors
{
    private const string First = "first.", Second = "second.", Outer = "outer.", Average = "average.", Updates = "updates";

    /// <summary>Parameters and buffers under their names in the module's state dictionary.</summary>
    public static IEnumerable<TensorSource> Weights(NetworkStorage network, string prefix = "") =>
    [
        .. Floats(network.ParameterSlots, prefix, () => network.Parameters),
        .. Floats(network.BufferSlots, prefix, () => network.Buffers),
        .. network.CounterSlots.Select(slot => new TensorSource(
            prefix + slot.Name, ElementType.I64, slot.Shape, () => MemoryMarshal.AsBytes(slot.RowMajor<long>(network.Counters)))),
    ];

    /// <summary>The averaged parameters; none when the network has no average.</summary>
    public static IEnumerable<TensorSource> Averages(NetworkStorage network, string prefix) =>
        network.AverageDecay is null ? [] : Floats(network.ParameterSlots, prefix, () => network.Average);

    /// <summary>What the optimizer knows of each parameter, the averages, and the count of updates.</summary>
    /// <param name="outer">The outer optimizer's memory, in the order of the parameters; empty where there is none.</param>
    public static IEnumerable<TensorSource> Optimizer(NetworkStorage network, float[] outer) =>
    [
        .. Floats(network.ParameterSlots, First, () => network.FirstMoment),
        .. Floats(network.ParameterSlots, Second, () => network.SecondMoment),
        .. Averages(network, Average),
        .. Floats(outer.Length == 0 ? [] : network.ParameterSlots, Outer, () => outer),
        TensorSource.I64(Updates, [], new[] { network.Updates }),
    ];

    /// <summary>Reads what <see cref="Weights"/> and <see cref="Optimizer"/> wrote.</summary>
    /// <returns>What puts it into the network; until then nothing has changed.</returns>
    /// <exception cref="SafetensorsException">A tensor is missing, too many, or has another shape or type.</exception>
    public static Action Read(NetworkStorage network, float[] outer, SafetensorsFile weights, SafetensorsFile optimizer)
    {
        Verify(weights, Weights(network));
        Verify(optimizer, Optimizer(network, outer));

        return () =>
        {
            Put(network.ParameterSlots, weights, "", network.Parameters);
            Put(network.BufferSlots, weights, "", network.Buffers);
            Put(network.CounterSlots, weights, "", network.Counters);
            Put(network.ParameterSlots, optimizer, First, network.FirstMoment);
            Put(network.ParameterSlots, optimizer, Second, network.SecondMoment);
            if (network.AverageDecay is not null)
                Put(network.ParameterSlots, optimizer, Average, network.Average);
            if (outer.Length > 0)
                Put(network.ParameterSlots, optimizer, Outer, outer);
            network.Updates = Numbers<long>(optimizer, Updates)[0];
            network.UploadParameters();
            network.UploadBuffers();
        };
    }

    /// <summary>Reads what <see cref="Weights"/> wrote. Whatever an optimizer knows stays as it is; an average begins with these weights.</summary>
    /// <returns>What puts it into the network; until then nothing has changed.</returns>
    /// <exception cref="SafetensorsException">A tensor is missing, too many, or has another shape or type.</exception>
    public static Action ReadWeights(NetworkStorage network, SafetensorsFile weights)
    {
        Verify(weights, Weights(network));
        return () =>
        {
            Put(network.ParameterSlots, weights, "", network.Parameters);
            Put(network.BufferSlots, weights, "", network.Buffers);
            Put(network.CounterSlots, weights, "", network.Counters);
            if (network.AverageDecay is not null)
                Put(network.ParameterSlots, weights, "", network.Average);
            network.UploadParameters();
            network.UploadBuffers();
        };
    }

    private delegate ReadOnlySpan<float> Values();

    private static IEnumerable<TensorSource> Floats(IReadOnlyList<FlatSlot> slots, string prefix, Values values) =>
        slots.Select(slot => new TensorSource(prefix + slot.Name, ElementType.F32, slot.Shape, () => MemoryMarshal.AsBytes(slot.RowMajor(values()))));

    private static void Verify(SafetensorsFile file, IEnumerable<TensorSource> wanted)
    {
        TensorSource[] all = [.. wanted];
        foreach (var source in all)
            file.Require(source.Name, source.Type, [.. source.Shape]);
        file.RequireOnly(all.Select(source => source.Name));
    }

    private static void Put<T>(IReadOnlyList<FlatSlot> slots, SafetensorsFile file, string prefix, Span<T> buffer)
        where T : unmanaged
    {
        foreach (var slot in slots)
            slot.SetRowMajor(Numbers<T>(file, prefix + slot.Name), buffer);
    }

    private static ReadOnlySpan<T> Numbers<T>(SafetensorsFile file, string name)
        where T : unmanaged => file.Tensors.First(tensor => tensor.Name == name).As<T>();
}
