using GenCluster.Training.Models;
using GenCluster.Training.Optimizers;
using GenCluster.Training.Storage;
using GenCluster.Training.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace GenCluster.Training.Tests.Storage;

public sealed class ElementOrderTests
{
    public static TheoryData<string> Shapes => ["6", "3 5", "2 3 4", "2 3 4 5", "4 1 3 3", "4 3 1 1", "1 3 2 2", "2 3 2 2 2", ""];

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Row_major_and_back_are_what_torch_says(string sizes)
    {
        using var scope = NewDisposeScope();
        long[] shape = [.. sizes.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(long.Parse)];
        int length = (int)shape.Aggregate(1L, (a, b) => a * b);
        float[] rowMajor = [.. Enumerable.Range(0, length).Select(i => (float)i)];
        using var buffer = new FlatBuffer<float>(32 + length, CPU);
        var slot = new FlatSlot("x", zeros(shape), 32, length);

        slot.SetRowMajor<float>(rowMajor, buffer.Span);

        buffer.View(slot).equal(tensor(rowMajor).reshape(shape)).all().item<bool>().ShouldBeTrue();
        slot.RowMajor<float>(buffer.Span).ToArray().ShouldBe(rowMajor);
        var copy = new float[length];
        slot.CopyRowMajor<float>(buffer.Span, copy);
        copy.ShouldBe(rowMajor);
    }

    [Fact]
    public void Only_weights_with_channels_and_pixels_need_another_order()
    {
        ElementOrder.IsRowMajor([2, 3, 4, 5]).ShouldBeFalse();
        ElementOrder.IsRowMajor([4, 1, 3, 3]).ShouldBeTrue();
        ElementOrder.IsRowMajor([4, 3, 1, 1]).ShouldBeTrue();
        ElementOrder.IsRowMajor([2, 3, 4]).ShouldBeTrue();
    }

    [Fact]
    public void Weights_of_convolutions_have_their_channels_last()
    {
        using var model = SmallDcgan.Create(channels: 3);
        foreach (var network in model.Networks)
        {
            using var storage = new NetworkStorage(network, CPU);
            var weights = storage.ParameterSlots.Where(slot => slot.Shape.Length == 4).ToList();

            weights.Count.ShouldBe(4);
            weights.ShouldAllBe(slot => slot.Tensor.stride(1) == 1);
            weights.ShouldAllBe(slot => slot.Tensor.grad!.stride(1) == 1);
        }
    }

    // The same training with everything row by row and with torch's own optimizer; only the order of sums differs.
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Training_is_that_of_row_major_modules_but_for_rounding(int channels)
    {
        using GenerativeModel ours = SmallDcgan.Create(channels: channels), theirs = SmallDcgan.Create(channels: channels);
        NetworkStorage[] storages = [.. ours.Networks.Select(network => new NetworkStorage(network, CPU))];
        optim.Optimizer[] optimizers = [.. theirs.Phases.Select(phase => TestModel.AdamOf(theirs, phase, 1e-3))];

        for (int step = 1; step <= 5; step++)
        {
            foreach (var (k, phase) in ours.Phases.Index())
            {
                float loss = TestModel.BackwardAtHome(ours, storages, phase, channels);
                foreach (var storage in storages.Where(storage => phase.Updates.Contains(storage.Name)))
                    Optimizer.Update(new AdamOptions(1e-3), storage.Parameters, storage.Gradients, 1, storage.FirstMoment, storage.SecondMoment, step);

                loss.ShouldBe(TestModel.Update(theirs, theirs.Phases[k], optimizers[k], channels), 1e-3f * step, $"{phase.Name} {step}");
            }
        }

        foreach (var storage in storages)
            storage.Dispose();
    }

    [Theory]
    [InlineData("non-saturating")]
    [InlineData("wasserstein-gp")]
    public void A_shard_has_the_same_gradient_whichever_were_before_it_and_wherever_memory_lies(string loss)
    {
        using var model = SmallDcgan.Create(loss, channels: 3);
        using var storage = new NetworkStorage(model.Networks[1], CPU);
        var clutter = new List<Tensor>();
        string Gradient(int shard)
        {
            clutter.Add(zeros(1 + shard * 977));
            TestModel.BackwardAtHome(model, [storage], model.Phases[0], channels: 3, step: (uint)shard);
            return Convert.ToHexString(System.Runtime.InteropServices.MemoryMarshal.AsBytes(storage.Gradients));
        }

        int[] order = [0, 1, 2, 3];
        string[] there = [.. order.Select(Gradient)];
        string[] back = [.. order.Reverse().Select(Gradient).Reverse()];

        back.ShouldBe(there);
        there.Distinct().Count().ShouldBe(4);
        clutter.ForEach(tensor => tensor.Dispose());
    }
}
