using GenCluster.Training.Models;
using GenCluster.Training.Storage;
using GenCluster.Training.Tests.Loop;
using TorchSharp;
using static TorchSharp.torch;

namespace GenCluster.Training.Tests.Storage;

public sealed class NetworkStorageTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_module_computes_the_same_as_before_and_keeps_its_names(bool mirrored)
    {
        using var scope = NewDisposeScope();
        using var module = new ToyDiscriminator(0);
        var input = rand(4, 1, 8, 8);
        module.eval();
        var before = module.call(input);
        var names = module.state_dict().Keys.ToList();

        using var storage = new NetworkStorage(new Network("d", module), CPU, mirrored: mirrored);

        module.call(input).equal(before).all().item<bool>().ShouldBeTrue();
        module.state_dict().Keys.ShouldBe(names);
        storage.ParameterSlots.Concat(storage.BufferSlots).Concat(storage.CounterSlots).Select(slot => slot.Name).Order().ShouldBe(names.Order());
    }

    [Fact]
    public void Slots_start_on_64_bytes_and_hold_the_module_s_numbers()
    {
        using var module = new ToyDiscriminator(0);
        using var storage = new NetworkStorage(new Network("d", module), CPU);

        storage.ParameterSlots.ShouldAllBe(slot => slot.Offset % 16 == 0 && (long)TensorMemory.AddressOf(slot.Tensor) % 64 == 0);
        foreach (var slot in storage.ParameterSlots)
            storage.Parameters.Slice(slot.Offset, slot.Length).SequenceEqual(slot.Tensor.data<float>().ToArray()).ShouldBeTrue();
    }

    [Fact]
    public void Writing_the_span_writes_the_module()
    {
        using var module = new ToyDiscriminator(0);
        using var storage = new NetworkStorage(new Network("d", module), CPU);

        storage.Parameters.Fill(3);

        storage.ParameterSlots.ShouldAllBe(slot => slot.Tensor.data<float>().ToArray().All(value => value == 3));
    }

    [Fact]
    public void Gradients_land_in_the_buffer_and_add_up()
    {
        using var scope = NewDisposeScope();
        using var module = new ToyDiscriminator(0);
        using var storage = new NetworkStorage(new Network("d", module), CPU);
        var input = rand(4, 1, 8, 8);

        module.call(input).sum().backward();
        var once = storage.Gradients.ToArray();
        module.call(input).sum().backward();

        storage.VerifyHome();
        once.ShouldContain(value => value != 0);
        storage.Gradients.ToArray().ShouldBe(once.Select(value => value + value));
    }

    [Fact]
    public void A_gradient_that_left_the_buffer_is_named()
    {
        using var scope = NewDisposeScope();
        using var module = new ToyDiscriminator(0);
        using var storage = new NetworkStorage(new Network("critic", module), CPU);
        module.zero_grad(set_to_none: true);
        module.call(rand(4, 1, 8, 8)).sum().backward();

        Should.Throw<InvalidOperationException>(storage.VerifyHome).Message
            .ShouldStartWith("the gradient of 'main.0.weight' in network 'critic' is no longer in the flat buffer; ");
    }

    [Fact]
    public void A_network_that_does_not_learn_passes_gradients_on_and_gets_none()
    {
        using var scope = NewDisposeScope();
        using var module = new ToyDiscriminator(0);
        using var storage = new NetworkStorage(new Network("d", module), CPU);
        var input = rand(4, 1, 8, 8).requires_grad_(true);

        storage.Learn(false);
        module.call(input).sum().backward();

        storage.Gradients.ContainsAnyExcept(0f).ShouldBeFalse();
        input.grad!.abs().sum().item<float>().ShouldBeGreaterThan(0);
    }

    [Fact]
    public void A_parameter_that_the_model_froze_stays_frozen()
    {
        using var module = new ToyDiscriminator(0);
        var frozen = module.parameters().First();
        frozen.requires_grad = false;
        using var storage = new NetworkStorage(new Network("d", module), CPU);

        storage.Learn(true);

        frozen.requires_grad.ShouldBeFalse();
        module.parameters().Skip(1).ShouldAllBe(parameter => parameter.requires_grad);
    }

    [Fact]
    public void Swapping_the_average_twice_changes_nothing()
    {
        using var module = new ToyDiscriminator(0);
        using var storage = new NetworkStorage(new Network("d", module, AverageDecay: 0.9), CPU);
        var before = storage.Parameters.ToArray();
        storage.Average.Fill(1);

        storage.SwapAverage();
        storage.Parameters.ContainsAnyExcept(1f).ShouldBeFalse();
        storage.SwapAverage();

        storage.Parameters.ToArray().ShouldBe(before);
    }

    [Fact]
    public void A_module_outlives_its_storage()
    {
        using var scope = NewDisposeScope();
        using var module = new ToyDiscriminator(0);
        module.eval();
        var input = rand(4, 1, 8, 8);
        Tensor before;
        using (new NetworkStorage(new Network("d", module), CPU))
            before = module.call(input);

        module.call(input).equal(before).all().item<bool>().ShouldBeTrue();
    }

    [Fact]
    public void A_tensor_of_another_type_is_refused_by_name()
    {
        using var module = nn.Linear(3, 3);
        module.to(float64);

        Should.Throw<NotSupportedException>(() => new NetworkStorage(new Network("d", module), CPU)).Message
            .ShouldBe("tensor 'weight' of network 'd' has type Float64; a parameter must be Float32, a buffer Float32 or Int64");
    }
}
