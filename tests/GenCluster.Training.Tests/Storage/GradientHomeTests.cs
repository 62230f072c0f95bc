using GenCluster.Training.Models;
using GenCluster.Training.Storage;
using GenCluster.Training.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace GenCluster.Training.Tests.Storage;

public sealed class GradientHomeTests : IDisposable
{
    private readonly GenerativeModel model = SmallDcgan.Create();
    private readonly Network critic;
    private readonly HomeMemory memory;

    public GradientHomeTests()
    {
        critic = model.Networks[1];
        memory = new HomeMemory(critic);
    }

    public void Dispose() => model.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Gradients_land_in_the_home_and_are_those_of_a_storage_without(bool mirrored)
    {
        using var twin = SmallDcgan.Create();
        using var plain = new NetworkStorage(twin.Networks[1], CPU);
        using var storage = new NetworkStorage(critic, CPU, memory.Home, mirrored);
        memory.Span.ContainsAnyExcept(0f).ShouldBeFalse();

        TestModel.BackwardAtHome(model, [storage], model.Phases[0]);
        TestModel.BackwardAtHome(twin, [plain], twin.Phases[0]);

        storage.VerifyHome();
        memory.Span.SequenceEqual(plain.Gradients).ShouldBeTrue();
        memory.Span.ContainsAnyExcept(0f).ShouldBeTrue();
    }

    [Fact]
    public void The_length_is_known_before()
    {
        int gradients = NetworkStorage.GradientLength(critic), buffers = NetworkStorage.BufferLength(critic);

        using var storage = new NetworkStorage(critic, CPU, memory.Home);

        (gradients, buffers).ShouldBe((storage.Gradients.Length, storage.Buffers.Length + storage.Counters.Length));
    }

    [Fact]
    public void A_home_that_does_not_fit_is_refused_in_words()
    {
        var (address, length) = memory.Home;

        Should.Throw<ArgumentException>(() => new NetworkStorage(critic, CPU, new GradientHome(address + 4, length - 1))).Message
            .ShouldStartWith($"the home of the gradients of network 'discriminator' has {length - 1} numbers from {address + 4:x} on; it must have {length}, on 64 bytes");
    }

    [Fact]
    public void The_home_may_go_before_the_module()
    {
        new NetworkStorage(critic, CPU, memory.Home).Dispose();

        critic.Module.parameters().Select(parameter => parameter.grad is null).ShouldAllBe(gone => gone);
    }

    [Fact]
    public void A_part_of_the_gradients_can_be_downloaded_alone()
    {
        using var storage = new NetworkStorage(critic, CPU, memory.Home, mirrored: true);
        storage.Learn(true);
        using (NewDisposeScope())
            model.Phases[0].Loss(TestModel.Shard()).Loss.backward();
        var (one, other) = (storage.ParameterSlots[0], storage.ParameterSlots[1]);

        storage.StartDownload(other.Offset, other.Room);
        NetworkStorage.FinishDownload();

        memory.Span.Slice(other.Offset, other.Length).ContainsAnyExcept(0f).ShouldBeTrue();
        memory.Span.Slice(one.Offset, one.Length).ContainsAnyExcept(0f).ShouldBeFalse();
    }

    // A gradient penalty: autograd makes second derivatives, and their sums must still land where they belong.
    [Fact]
    public void Second_derivatives_stay_at_home()
    {
        using GenerativeModel wgan = SmallDcgan.Create("wasserstein-gp"), twin = SmallDcgan.Create("wasserstein-gp");
        var home = new HomeMemory(wgan.Networks[1]);
        using var storage = new NetworkStorage(wgan.Networks[1], CPU, home.Home);

        TestModel.BackwardAtHome(wgan, [storage], wgan.Phases[0]);
        TestModel.Backward(twin, twin.Phases[0]);

        storage.VerifyHome();
        foreach (var (slot, parameter) in storage.ParameterSlots.Zip(twin.Networks[1].Module.parameters()))
            slot.RowMajor<float>(home.Span).ToArray().ShouldBe(parameter.grad!.contiguous().data<float>().ToArray(), 1e-5);
    }
}
