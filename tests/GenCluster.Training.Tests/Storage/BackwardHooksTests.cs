using GenCluster.Core.Parameters;
using GenCluster.Training.Models;
using GenCluster.Training.Storage;
using GenCluster.Training.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace GenCluster.Training.Tests.Storage;

public sealed class BackwardHooksTests
{
    public static TheoryData<string, int> Phases => new() { { "dcgan", 0 }, { "dcgan", 1 }, { "vae", 0 }, { "ddpm", 0 } };

    [Theory]
    [MemberData(nameof(Phases))]
    public void The_gradient_has_the_same_bits_and_every_part_of_it_is_told_once_when_it_is_complete(string name, int phaseIndex)
    {
        using GenerativeModel model = Create(name), twin = Create(name);
        var phase = model.Phases[phaseIndex];
        NetworkStorage[] storages = [.. Storages(model)], plain = [.. Storages(twin)];
        var watched = storages.Where(storage => phase.Updates.Contains(storage.Name)).ToDictionary(storage => storage, _ => new List<Part>());
        var hooks = watched.Select(entry => new BackwardHooks(entry.Key, (start, length) => entry.Value.Add(Part.Of(entry.Key, start, length)))).ToList();

        hooks.ForEach(hook => hook.Begin());
        float loss = TestModel.BackwardAtHome(model, storages, phase);
        var early = watched.ToDictionary(entry => entry.Key, entry => entry.Value.Count);
        hooks.ForEach(hook => hook.End());

        loss.ShouldBe(TestModel.BackwardAtHome(twin, plain, twin.Phases[phaseIndex]));
        foreach (var (storage, parts) in watched)
        {
            var (ours, theirs) = (storage.Gradients.ToArray(), plain.Single(other => other.Name == storage.Name).Gradients.ToArray());
            ours.ShouldBe(theirs);
            parts.OrderBy(part => part.Start).Select(part => (part.Start, part.Values.Length)).ShouldBe(
                storage.ParameterSlots.Select(slot => (slot.Offset, slot.Room)));
            parts.ShouldAllBe(part => part.Values.SequenceEqual(ours.Skip(part.Start).Take(part.Values.Length)));
            early[storage].ShouldBeGreaterThan(parts.Count / 2, storage.Name); // the end is left with the modules next to the input
        }

        Dispose(hooks, storages, plain);
    }

    [Fact]
    public void Nothing_is_told_and_nothing_changes_unless_a_pass_is_watched()
    {
        using var model = Create("dcgan");
        using var storage = new NetworkStorage(model.Networks[1], CPU);
        int told = 0;
        using var hooks = new BackwardHooks(storage, (_, _) => told++);

        TestModel.BackwardAtHome(model, [storage], model.Phases[0]);
        hooks.Begin();
        using (no_grad())
            TestModel.Samples(model, 2, TestModel.Noise()).Dispose();

        told.ShouldBe(0);
    }

    [Fact]
    public void Every_pass_is_watched_anew()
    {
        using var model = Create("dcgan");
        using var storage = new NetworkStorage(model.Networks[1], CPU);
        var told = new List<int>();
        using var hooks = new BackwardHooks(storage, (start, _) => told.Add(start));

        for (int pass = 0; pass < 3; pass++)
        {
            hooks.Begin();
            TestModel.BackwardAtHome(model, [storage], model.Phases[0]);
            hooks.End();
        }

        told.Chunk(told.Count / 3).Select(pass => string.Join(' ', pass)).Distinct().Count().ShouldBe(1);
    }

    [Fact]
    public void What_the_listener_throws_comes_out_at_the_end()
    {
        using var model = Create("dcgan");
        using var storage = new NetworkStorage(model.Networks[1], CPU);
        int told = 0;
        using var hooks = new BackwardHooks(storage, (_, _) => throw new InvalidOperationException($"no {++told}"));

        hooks.Begin();
        TestModel.BackwardAtHome(model, [storage], model.Phases[0]);

        Should.Throw<InvalidOperationException>(hooks.End).Message.ShouldBe("no 1");
        told.ShouldBe(1);
    }

    [Fact]
    public void After_its_end_the_network_is_as_it_was()
    {
        using var model = Create("dcgan");
        using var storage = new NetworkStorage(model.Networks[1], CPU);
        int told = 0;
        var hooks = new BackwardHooks(storage, (_, _) => told++);
        hooks.Begin();
        hooks.Dispose();

        TestModel.BackwardAtHome(model, [storage], model.Phases[0]);

        told.ShouldBe(0);
    }

    [Fact]
    public void Leaves_no_tensor_behind()
    {
        using var model = Create("dcgan");
        using var storage = new NetworkStorage(model.Networks[1], CPU);
        using var hooks = new BackwardHooks(storage, (_, _) => { });
        var live = new List<long>();

        for (int pass = 0; pass < 20; pass++)
        {
            hooks.Begin();
            TestModel.BackwardAtHome(model, [storage], model.Phases[0]);
            hooks.End();
            live.Add(DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        }

        live[^1].ShouldBe(live[1]);
    }

    private static GenerativeModel Create(string name)
    {
        set_num_threads(1);
        using var generator = manual_seed(1);
        (string, ParameterValue)[] small = name switch
        {
            "dcgan" => [("latent", ParameterValue.Of(8L)), ("generator.channels", ParameterValue.Of(4L)), ("discriminator.channels", ParameterValue.Of(4L))],
            _ => [("channels", ParameterValue.Of(8L))],
        };
        return ModelZoo.Create(name, TestModel.Settings(name, small), 1, 32);
    }

    private static IEnumerable<NetworkStorage> Storages(GenerativeModel model) => model.Networks.Select(network => new NetworkStorage(network, CPU));

    private static void Dispose(params IEnumerable<IDisposable>[] all)
    {
        foreach (var disposable in all.SelectMany(some => some))
            disposable.Dispose();
    }

    private sealed record Part(int Start, float[] Values)
    {
        public static Part Of(NetworkStorage storage, int start, int length) => new(start, storage.Gradients.Slice(start, length).ToArray());
    }
}
