using GenCluster.Training.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace GenCluster.Training.Storage;

/// <summary>
/// The numbers of one network, flat: parameters, gradients, Adam's moments, the moving average and the module's own
/// buffers. The module's tensors become views of them, so any module works as it is written, the optimizer is one pass
/// over a span, and a checkpoint is a few copies. Slots start on 64 bytes; the numbers between them stay zero.
/// </summary>
public sealed class NetworkStorage : IDisposable
{
    private readonly Network network;
    private readonly FlatBuffer<float> parameters, gradients, firstMoment, secondMoment, average, buffers;
    private readonly FlatBuffer<long> counters;
    private readonly bool[] learns;

    /// <summary>Moves the network's module to <paramref name="device"/> and its tensors into flat buffers.</summary>
    /// <param name="mirrored">See <see cref="FlatBuffer{T}"/>; null: only where the device needs it.</param>
    /// <exception cref="NotSupportedException">The module has a tensor of a type that is not kept here.</exception>
    public NetworkStorage(Network network, Device device, bool? mirrored = null)
    {
        this.network = network;
        bool mirror = mirrored ?? device.type is not DeviceType.CPU;
        network.Module.to(device);

        var (ofParameters, ofBuffers, ofCounters) = (new FlatLayout(), new FlatLayout(), new FlatLayout());
        foreach (var (name, parameter) in network.Module.named_parameters())
            LayoutFor(name, parameter, ofParameters, null).Add(name, parameter);
        foreach (var (name, buffer) in network.Module.named_buffers(true, true))
            LayoutFor(name, buffer, ofBuffers, ofCounters).Add(name, buffer);
        (ParameterSlots, BufferSlots, CounterSlots) = (ofParameters.Slots, ofBuffers.Slots, ofCounters.Slots);
        learns = [.. ParameterSlots.Select(slot => slot.Tensor.requires_grad)];

        parameters = new(ofParameters.Length, device, mirror);
        gradients = new(ofParameters.Length, device, mirror);
        firstMoment = new(ofParameters.Length, CPU);
        secondMoment = new(ofParameters.Length, CPU);
        average = new(network.AverageDecay is null ? 0 : ofParameters.Length, CPU);
        buffers = new(ofBuffers.Length, device, mirror);
        counters = new(ofCounters.Length, device, mirror);
        MoveIn();
    }

    public string Name => network.Name;

    /// <summary>The decay of <see cref="Average"/>; null when the network has none.</summary>
    public double? AverageDecay => network.AverageDecay;

    /// <summary>The parameters' places in <see cref="Parameters"/>, and in the gradients, moments and average.</summary>
    public IReadOnlyList<FlatSlot> ParameterSlots { get; }

    /// <summary>The places of buffers such as batch-norm statistics in <see cref="Buffers"/>.</summary>
    public IReadOnlyList<FlatSlot> BufferSlots { get; }

    /// <summary>The places of integer buffers such as batch norm's count in <see cref="Counters"/>.</summary>
    public IReadOnlyList<FlatSlot> CounterSlots { get; }

    public Span<float> Parameters => parameters.Span;

    public Span<float> Gradients => gradients.Span;

    /// <summary>Adam's m.</summary>
    public Span<float> FirstMoment => firstMoment.Span;

    /// <summary>Adam's v.</summary>
    public Span<float> SecondMoment => secondMoment.Span;

    /// <summary>The moving average of the parameters; empty when the network has none.</summary>
    public Span<float> Average => average.Span;

    public Span<float> Buffers => buffers.Span;

    public Span<long> Counters => counters.Span;

    /// <summary>Updates of the parameters so far: Adam's t.</summary>
    public long Updates { get; set; }

    /// <summary>Sets whether the parameters get gradients. One that the model itself has frozen never does.</summary>
    public void Learn(bool learning)
    {
        foreach (var (i, slot) in ParameterSlots.Index())
            slot.Tensor.requires_grad = learning && learns[i];
    }

    public void ClearGradients()
    {
        Gradients.Clear();
        gradients.Upload();
    }

    /// <summary>Makes gradients and buffers that the device has written visible in the spans.</summary>
    public void Download()
    {
        gradients.Download();
        DownloadBuffers();
    }

    public void DownloadBuffers()
    {
        buffers.Download();
        counters.Download();
    }

    /// <summary>Makes parameters that were written through the span visible to the module.</summary>
    public void UploadParameters() => parameters.Upload();

    /// <summary>Makes buffers that were written through the spans visible to the module.</summary>
    public void UploadBuffers()
    {
        buffers.Upload();
        counters.Upload();
    }

    /// <summary>Swaps parameters and average. A second call undoes the first, to the bit.</summary>
    public void SwapAverage()
    {
        if (Average.IsEmpty)
            return;
        Span<float> left = Parameters, right = Average;
        for (int i = 0; i < left.Length; i++)
            (left[i], right[i]) = (right[i], left[i]);
        UploadParameters();
    }

    /// <summary>
    /// Verifies that every parameter and its gradient are still views of the flat buffers. <c>backward</c> with
    /// <c>create_graph</c> and <c>zero_grad</c> put a new gradient tensor in place of the view, and an optimizer over
    /// the flat buffer would then see zeros.
    /// </summary>
    /// <exception cref="InvalidOperationException">One is not.</exception>
    public void VerifyHome()
    {
        foreach (var slot in ParameterSlots)
        {
            using var gradient = slot.Tensor.grad;
            if (!parameters.Holds(slot.Tensor, slot.Offset))
                throw Strayed(slot, "parameter", "change parameters in place");
            if (gradient is null || !gradients.Holds(gradient, slot.Offset))
                throw Strayed(slot, "gradient", "compute a second derivative with autograd.grad, not with backward(create_graph: true), and leave zeroing gradients to the loop");
        }
    }

    public void Dispose()
    {
        foreach (IDisposable buffer in new IDisposable[] { parameters, gradients, firstMoment, secondMoment, average, buffers, counters })
            buffer.Dispose();
    }

    private FlatLayout LayoutFor(string name, Tensor tensor, FlatLayout floats, FlatLayout? integers) => tensor.dtype switch
    {
        ScalarType.Float32 => floats,
        ScalarType.Int64 when integers is not null => integers,
        var other => throw new NotSupportedException(
            $"tensor '{name}' of network '{Name}' has type {other}; a parameter must be Float32, a buffer Float32 or Int64"),
    };

    private void MoveIn()
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        foreach (var slot in ParameterSlots)
        {
            MoveIn(slot, parameters);
            using var gradient = gradients.View(slot.Offset, slot.Shape);
            slot.Tensor.grad = gradient;
        }

        foreach (var slot in BufferSlots)
            MoveIn(slot, buffers);
        foreach (var slot in CounterSlots)
            MoveIn(slot, counters);

        parameters.Download();
        DownloadBuffers();
        if (!Average.IsEmpty)
            Parameters.CopyTo(Average);
    }

    private static void MoveIn<T>(FlatSlot slot, FlatBuffer<T> home)
        where T : unmanaged
    {
        using var view = home.View(slot.Offset, slot.Shape);
        view.copy_(slot.Tensor);
        slot.Tensor.set_(view);
    }

    private InvalidOperationException Strayed(FlatSlot slot, string what, string remedy) =>
        new($"the {what} of '{slot.Name}' in network '{Name}' is no longer in the flat buffer; {remedy}");
}
