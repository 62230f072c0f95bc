using GenCluster.Training.Models;
using GenCluster.Training.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace GenCluster.Training.Storage;

/// <summary>
/// The numbers of one network, flat: parameters, gradients, the optimizer's moments, the moving average and the module's
/// own buffers. The module's tensors become views of them, so any module works as it is written and the optimizer is one
/// pass over a span. Slots start on 64 bytes; the numbers between them stay zero. Within a slot they lie as kernels like
/// it (<see cref="FlatSlot.RowMajor"/> gives them in the order of a file).
/// </summary>
public sealed class NetworkStorage : IDisposable
{
    private readonly Network network;
    private readonly FlatBuffer<float> parameters, gradients, firstMoment, secondMoment, average, buffers;
    private readonly FlatBuffer<long> counters;
    private readonly bool[] learns;
    private readonly bool lodges;

    /// <summary>Moves the network's module to <paramref name="device"/> and its tensors into flat buffers.</summary>
    /// <param name="home">Where the host's gradients are to lie; null: in memory of the storage's own.</param>
    /// <param name="mirrored">See <see cref="FlatBuffer{T}"/>; null: only where the device needs it.</param>
    /// <exception cref="NotSupportedException">The module has a tensor of a type that is not kept here.</exception>
    public NetworkStorage(Network network, Device device, GradientHome? home = null, bool? mirrored = null)
    {
        this.network = network;
        bool mirror = mirrored ?? device.type is not DeviceType.CPU;
        network.Module.to(device);

        var (ofParameters, ofBuffers, ofCounters) = LayoutsOf(network);
        (ParameterSlots, BufferSlots, CounterSlots) = (ofParameters.Slots, ofBuffers.Slots, ofCounters.Slots);
        learns = [.. ParameterSlots.Select(slot => slot.Tensor.requires_grad)];
        if (home is { } place && (place.Length != ofParameters.Length || place.Address % GradientHome.Alignment != 0))
        {
            throw new ArgumentException(
                $"the home of the gradients of network '{Name}' has {place.Length} numbers from {place.Address:x} on; "
                + $"it must have {ofParameters.Length}, on {GradientHome.Alignment} bytes", nameof(home));
        }

        parameters = new(ofParameters.Length, device, mirror);
        gradients = new(ofParameters.Length, device, mirror, home?.Address ?? 0);
        lodges = home is not null;
        firstMoment = new(ofParameters.Length, CPU);
        secondMoment = new(ofParameters.Length, CPU);
        average = new(network.AverageDecay is null ? 0 : ofParameters.Length, CPU);
        buffers = new(ofBuffers.Length, device, mirror);
        counters = new(ofCounters.Length, device, mirror);
        MoveIn();
    }

    public string Name => network.Name;

    /// <summary>The network's module and all that it is made of.</summary>
    internal IEnumerable<nn.Module> Modules => network.Module.modules().Prepend(network.Module).Distinct();

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

    /// <summary>The optimizer's first moment: Adam's m, the direction of momentum.</summary>
    public Span<float> FirstMoment => firstMoment.Span;

    /// <summary>The optimizer's second moment: Adam's v, the mean squared gradient.</summary>
    public Span<float> SecondMoment => secondMoment.Span;

    /// <summary>The moving average of the parameters; empty when the network has none.</summary>
    public Span<float> Average => average.Span;

    public Span<float> Buffers => buffers.Span;

    public Span<long> Counters => counters.Span;

    /// <summary>Updates of the parameters so far.</summary>
    public long Updates { get; set; }

    /// <summary>The length of <see cref="Gradients"/> of a network that has no storage yet.</summary>
    /// <exception cref="NotSupportedException">The module has a tensor of a type that is not kept here.</exception>
    public static int GradientLength(Network network) => LayoutsOf(network).Parameters.Length;

    /// <summary>The length of <see cref="Buffers"/> and <see cref="Counters"/> together of a network that has no storage yet.</summary>
    /// <exception cref="NotSupportedException">The module has a tensor of a type that is not kept here.</exception>
    public static int BufferLength(Network network)
    {
        var (_, buffers, counters) = LayoutsOf(network);
        return checked(buffers.Length + counters.Length);
    }

    /// <summary>Sets whether the parameters get gradients. One that the model itself has frozen never does.</summary>
    public void Learn(bool learning)
    {
        foreach (var (i, slot) in ParameterSlots.Index())
            slot.Tensor.requires_grad = learning && learns[i];
    }

    public void ClearGradients() => gradients.Clear();

    /// <summary>Makes gradients and buffers that the device has written visible in the spans.</summary>
    public void Download()
    {
        gradients.Download();
        DownloadBuffers();
    }

    /// <summary>
    /// Begins to make a part of the gradients visible in the span, while the device goes on computing others. They are
    /// there after <see cref="FinishDownload"/>.
    /// </summary>
    public void StartDownload(int start, int length) => gradients.StartDownload(start, length);

    /// <summary>Waits for what <see cref="StartDownload"/> has begun, on all networks.</summary>
    public static void FinishDownload() => SideStream.OfThisProcess?.Wait();

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
        if (lodges)
            network.Module.zero_grad(set_to_none: true); // the home may go before the module does
        foreach (IDisposable buffer in new IDisposable[] { parameters, gradients, firstMoment, secondMoment, average, buffers, counters })
            buffer.Dispose();
    }

    private static (FlatLayout Parameters, FlatLayout Buffers, FlatLayout Counters) LayoutsOf(Network network)
    {
        var (parameters, buffers, counters) = (new FlatLayout(), new FlatLayout(), new FlatLayout());
        foreach (var (name, parameter) in network.Module.named_parameters())
            (parameter.dtype is ScalarType.Float32 ? parameters : throw Unfit(network, name, parameter)).Add(name, parameter);
        foreach (var (name, buffer) in network.Module.named_buffers(true, true))
        {
            var layout = buffer.dtype switch
            {
                ScalarType.Float32 => buffers,
                ScalarType.Int64 => counters,
                _ => throw Unfit(network, name, buffer),
            };
            layout.Add(name, buffer);
        }

        return (parameters, buffers, counters);
    }

    private static NotSupportedException Unfit(Network network, string name, Tensor tensor) =>
        new($"tensor '{name}' of network '{network.Name}' has type {tensor.dtype}; a parameter must be Float32, a buffer Float32 or Int64");

    private void MoveIn()
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        foreach (var slot in ParameterSlots)
        {
            MoveIn(slot, parameters);
            using var gradient = gradients.View(slot);
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
        using var view = home.View(slot);
        view.copy_(slot.Tensor);
        slot.Tensor.set_(view);
    }

    private InvalidOperationException Strayed(FlatSlot slot, string what, string remedy) =>
        new($"the {what} of '{slot.Name}' in network '{Name}' is no longer in the flat buffer; {remedy}");
}
