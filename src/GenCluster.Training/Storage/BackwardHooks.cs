using System.Runtime.ExceptionServices;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace GenCluster.Training.Storage;

/// <summary>
/// Tells, while a backward pass is still running, which gradients of a network are complete, so that they can be summed
/// over a gang meanwhile. The numbers are the same with it and without it.
/// </summary>
/// <remarks>
/// An identity function stands before each module that has parameters of its own. Its backward comes after the module's,
/// and after the module's gradients were added up, for autograd does that before anything else. When it has come as
/// often as forward went through the module, the module's gradients are complete. Three kinds are left to
/// <see cref="End"/>: those of a module whose input needs no gradient, such as the first one; of a module with more
/// than one input; and a parameter that two modules share. Not for a loss that is differentiated twice: its backward
/// visits a module in several ways.
/// </remarks>
public sealed class BackwardHooks : IDisposable
{
    private readonly Action<int, int> complete;
    private readonly List<Station> stations = [];
    private readonly List<Action> removals = [];
    private readonly List<FlatSlot> others;
    private ExceptionDispatchInfo? failure;
    private bool watching;

    /// <summary>Puts hooks on the network's modules; they do nothing until <see cref="Begin"/>.</summary>
    /// <param name="complete">
    /// Hears of a part of <see cref="NetworkStorage.Gradients"/>, its start and length, that is complete; of every part
    /// once. It runs inside the backward pass, perhaps on a thread of autograd's, and must not use the network.
    /// </param>
    public BackwardHooks(NetworkStorage network, Action<int, int> complete)
    {
        this.complete = complete;
        var slots = network.ParameterSlots.ToDictionary(slot => slot.Tensor.Handle);
        var owners = new Dictionary<nint, int>();
        foreach (var parameter in network.Modules.SelectMany(module => module.parameters(recurse: false)))
            owners[parameter.Handle] = owners.GetValueOrDefault(parameter.Handle) + 1;

        foreach (var module in network.Modules.OfType<nn.Module<Tensor, Tensor>>())
        {
            FlatSlot[] own = [.. module.parameters(recurse: false).Where(p => owners[p.Handle] == 1).Select(p => slots[p.Handle])];
            if (own.Length == 0)
                continue;
            var station = new Station(this, own);
            stations.Add(station);
            removals.Add(module.register_forward_pre_hook((_, input) => station.Enter(input)).remove);
        }

        others = [.. network.ParameterSlots.Except(stations.SelectMany(station => station.Slots))];
    }

    /// <summary>Watches the forward pass that comes now and its backward pass.</summary>
    public void Begin()
    {
        stations.ForEach(station => station.Reset());
        failure = null;
        watching = true;
    }

    /// <summary>Tells of all gradients that it has not told of yet; to be called when the backward pass is over.</summary>
    /// <exception cref="Exception">What the listener has thrown.</exception>
    public void End()
    {
        watching = false;
        failure?.Throw();
        foreach (var station in stations)
            station.Leave();
        others.ForEach(Tell);
        failure?.Throw();
    }

    public void Dispose()
    {
        removals.ForEach(remove => remove());
        removals.Clear();
    }

    // Nothing may be thrown through the native frames of a backward pass.
    private void Tell(FlatSlot slot)
    {
        if (failure is not null)
            return;
        try
        {
            complete(slot.Offset, slot.Room);
        }
        catch (Exception problem)
        {
            failure = ExceptionDispatchInfo.Capture(problem);
        }
    }

    /// <summary>A module and how often the passes went through it.</summary>
    private sealed class Station(BackwardHooks hooks, FlatSlot[] slots)
    {
        private int ahead;
        private int back;
        private bool unseen;
        private bool told;

        public FlatSlot[] Slots => slots;

        public void Reset() => (ahead, back, unseen, told) = (0, 0, false, false);

        public Tensor Enter(Tensor input)
        {
            if (!hooks.watching || !is_grad_enabled())
                return input;
            if (!input.requires_grad)
            {
                unseen = true;
                return input;
            }

            ahead++;
            return Passage.apply(input, this);
        }

        public void Return()
        {
            if (++back == ahead && !unseen)
                Leave();
        }

        public void Leave()
        {
            if (told)
                return;
            told = true;
            foreach (var slot in slots)
                hooks.Tell(slot);
        }
    }

    /// <summary>The identity; its backward tells the station.</summary>
    private sealed class Passage : autograd.SingleTensorFunction<Passage>
    {
        private const string Key = "station";

        public override string Name => nameof(Passage);

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
        {
            ctx.save_data(Key, vars[1]);
            return ((Tensor)vars[0]).alias();
        }

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
        {
            ((Station)ctx.get_data(Key)).Return();
            return [grad_output.alias(), null!];
        }
    }
}
