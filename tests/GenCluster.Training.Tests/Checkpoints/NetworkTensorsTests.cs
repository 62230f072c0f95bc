using GenCluster.Training.Checkpoints;
using GenCluster.Training.Models;
using GenCluster.Training.Safetensors;
using GenCluster.Training.Storage;
using GenCluster.Training.Tests.Models;
using GenCluster.Training.Tests.Storage;
using static TorchSharp.torch;

namespace GenCluster.Training.Tests.Checkpoints;

public sealed class NetworkTensorsTests
{
    // Python and other releases must not have to know in which order convolutions like their weights.
    [Fact]
    public void Files_hold_every_tensor_in_row_major_order()
    {
        using var scope = NewDisposeScope();
        using var model = SmallDcgan.Create(channels: 3);
        using var storage = new NetworkStorage(model.Networks[1], CPU);

        var file = Written(NetworkTensors.Weights(storage));

        foreach (var (name, tensor) in model.Networks[1].Module.state_dict().Where(entry => entry.Value.dtype == float32))
            file.Require(name, ElementType.F32, tensor.shape).As<float>().ToArray().ShouldBe(tensor.contiguous().data<float>().ToArray(), name);
        file.Tensors.Count.ShouldBe(model.Networks[1].Module.state_dict().Count);
    }

    [Fact]
    public void What_was_written_is_read_back_to_the_bit()
    {
        using GenerativeModel model = SmallDcgan.Create(channels: 3), other = SmallDcgan.Create("hinge", channels: 3);
        using NetworkStorage storage = new(model.Networks[1] with { AverageDecay = 0.5 }, CPU), fresh = new(other.Networks[1] with { AverageDecay = 0.5 }, CPU);
        TestModel.BackwardAtHome(model, [storage], model.Phases[0], channels: 3);
        foreach (var slot in storage.ParameterSlots)
        {
            var room = slot.Offset..(slot.Offset + slot.Length);
            storage.Gradients[room].CopyTo(storage.FirstMoment[room]);
            storage.Gradients[room].CopyTo(storage.Average[room]);
            storage.SecondMoment[room].Fill(slot.Offset);
        }

        storage.Parameters[0] = 7;
        storage.Updates = 3;

        NetworkTensors.Read(fresh, [], Written(NetworkTensors.Weights(storage)), Written(NetworkTensors.Optimizer(storage, [])))();

        fresh.Parameters.SequenceEqual(storage.Parameters).ShouldBeTrue();
        fresh.FirstMoment.SequenceEqual(storage.FirstMoment).ShouldBeTrue();
        fresh.SecondMoment.SequenceEqual(storage.SecondMoment).ShouldBeTrue();
        fresh.Average.SequenceEqual(storage.Average).ShouldBeTrue();
        fresh.Buffers.SequenceEqual(storage.Buffers).ShouldBeTrue();
        fresh.Counters.SequenceEqual(storage.Counters).ShouldBeTrue();
        fresh.Updates.ShouldBe(3);
    }

    [Fact]
    public void A_tensor_too_many_is_refused()
    {
        using var model = SmallDcgan.Create();
        using NetworkStorage plain = new(model.Networks[1], CPU), averaged = new(model.Networks[1] with { AverageDecay = 0.5 }, CPU);

        Should.Throw<SafetensorsException>(() => NetworkTensors.Read(plain, [], Written(NetworkTensors.Weights(averaged)), Written(NetworkTensors.Optimizer(averaged, []))))
            .Message.ShouldContain("tensor 'average.main.0.weight' is not expected");
    }

    private static SafetensorsFile Written(IEnumerable<TensorSource> tensors)
    {
        using var stream = new MemoryStream();
        SafetensorsWriter.Write(stream, tensors);
        return SafetensorsFile.Parse(stream.ToArray(), "test");
    }
}
