using System.Net;
using GenCluster.Collectives.Gangs;
using GenCluster.Collectives.Tree;
using GenCluster.Core.Randomness;
using GenCluster.Core.Sweeps;
using GenCluster.Training.Checkpoints;
using GenCluster.Training.Loop;
using GenCluster.Training.Models;
using static TorchSharp.torch;
using Transport = GenCluster.Collectives.Gangs.Transport;

namespace GenCluster.Training.Tests.Loop;

/// <summary>Trains toys, alone or in a gang over real sockets, each member on a thread of its own.</summary>
internal static class ToyTraining
{
    public static readonly TrainingSpec Spec = new(Steps: 4, BatchSize: 16, Shards: 4, EvaluateEvery: 2, CheckpointEvery: 2, Seed: 7, Threads: 1);

    /// <summary>The model with the weights that the seed gives.</summary>
    public static T Create<T>(Func<T> create)
    {
        set_num_threads(1);
        return TorchGenerator.Use(Spec.Seed, new StreamAddress(StreamPurpose.Initialization), create);
    }

    /// <summary>The state of a toy of <see cref="Spec"/>.</summary>
    public static TrainingState State(GenerativeModel model, bool? mirrored = null, TrainingSpec? spec = null) =>
        new(model, CPU, (spec ?? Spec).Shards, (spec ?? Spec).Diloco is not null, (spec ?? Spec).Overlap is Overlap.On, (spec ?? Spec).Compression is not null, mirrored);

    /// <summary>A trainer that is a gang by itself.</summary>
    public static Trainer Solo(TrainingState state, ITrainingData? data = null, TrainingSpec? spec = null)
    {
        var trainer = new Trainer(state, spec ?? Spec, data ?? new ToyImages());
        trainer.Join(new SoloGang(GangPlan.Even((spec ?? Spec).Shards, 1, state.Vectors)));
        return trainer;
    }

    /// <summary>Trains alone; <paramref name="look"/> sees the state after each step.</summary>
    public static string Alone(Func<GenerativeModel> create, int steps, bool? mirrored = null, Action<TrainingState, StepResult>? look = null, TrainingSpec? spec = null)
    {
        using var model = Create(create);
        using var state = State(model, mirrored, spec);
        using var trainer = Solo(state, spec: spec);
        while (state.Step < steps)
        {
            var result = trainer.Step();
            look?.Invoke(state, result);
        }

        return WeightsFile.Sha256(state);
    }

    /// <summary>What each member of a gang has at the end: the hash of its weights, and the losses of every step.</summary>
    public static async Task<(string Weights, string Losses)[]> InGang(Func<GenerativeModel> create, int members, int steps, Transport transport = Transport.Auto, TrainingSpec? spec = null)
    {
        var listeners = Enumerable.Range(0, members).Select(_ => new GangListener(IPAddress.Loopback)).ToList();
        try
        {
            return await Task.WhenAll(Enumerable.Range(0, members).Select(member => OnOwnThread(() => Member(create, member, listeners, steps, transport, spec ?? Spec))));
        }
        finally
        {
            listeners.ForEach(listener => listener.Dispose());
        }
    }

    public static Task<T> OnOwnThread<T>(Func<T> run) =>
        Task.Factory.StartNew(run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static (string, string) Member(Func<GenerativeModel> create, int member, List<GangListener> listeners, int steps, Transport transport, TrainingSpec spec)
    {
        using var model = Create(create);
        using var state = State(model, spec: spec);
        var invitation = new GangInvitation
        {
            Trial = "toy",
            Epoch = 1,
            Member = member,
            EndPoints = [.. listeners.Select(listener => listener.EndPoint)],
            Secret = new byte[32],
            Plan = GangPlan.Even(spec.Shards, listeners.Count, state.Vectors),
        };
        using IGang gang = WiredGang.Join(invitation, state.Memory, listeners[member], new GangOptions { Transport = transport });
        using var trainer = new Trainer(state, spec, new ToyImages());
        trainer.Join(gang);
        var losses = new List<string>();
        while (state.Step < steps)
            losses.AddRange(trainer.Step().Losses.Select(loss => $"{loss.Name}={loss.Value:R}"));
        return (WeightsFile.Sha256(state), string.Join(' ', losses));
    }
}
