using System.Net;
using GenCluster.Collectives.Gangs;
using GenCluster.Collectives.Tree;
using GenCluster.Core.Randomness;
using GenCluster.Core.Sweeps;
using GenCluster.Training.Checkpoints;
using GenCluster.Training.Loop;
using GenCluster.Training.Models;
using static TorchSharp.torch;

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

    public static SoloGang Solo(TrainingState state, int shards = 4) => new(GangPlan.Even(shards, 1, Trainer.VectorLengths(state)));

    /// <summary>Trains alone; <paramref name="look"/> sees the state after each step.</summary>
    public static string Alone(Func<GenerativeModel> create, int steps, bool? mirrored = null, Action<TrainingState, StepResult>? look = null)
    {
        using var model = Create(create);
        using var state = new TrainingState(model, CPU, mirrored);
        using var gang = Solo(state);
        using var trainer = new Trainer(state, Spec, new ToyImages(), gang);
        for (int step = 0; step < steps; step++)
        {
            var result = trainer.Step();
            look?.Invoke(state, result);
        }

        return WeightsFile.Sha256(state);
    }

    /// <summary>What each member of a gang has at the end: the hash of its weights, and the losses of every step.</summary>
    public static async Task<(string Weights, string Losses)[]> InGang(Func<GenerativeModel> create, int members, int steps)
    {
        var listeners = Enumerable.Range(0, members).Select(_ => new GangListener(IPAddress.Loopback)).ToList();
        try
        {
            return await Task.WhenAll(Enumerable.Range(0, members).Select(member => OnOwnThread(() => Member(create, member, listeners, steps))));
        }
        finally
        {
            listeners.ForEach(listener => listener.Dispose());
        }
    }

    public static Task<T> OnOwnThread<T>(Func<T> run) =>
        Task.Factory.StartNew(run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static (string, string) Member(Func<GenerativeModel> create, int member, List<GangListener> listeners, int steps)
    {
        using var model = Create(create);
        using var state = new TrainingState(model, CPU);
        var invitation = new GangInvitation
        {
            Trial = "toy",
            Epoch = 1,
            Member = member,
            EndPoints = [.. listeners.Select(listener => listener.EndPoint)],
            Secret = new byte[32],
            Plan = GangPlan.Even(Spec.Shards, listeners.Count, Trainer.VectorLengths(state)),
        };
        using IGang gang = TcpGang.Join(invitation, listeners[member]);
        using var trainer = new Trainer(state, Spec, new ToyImages(), gang);
        var losses = Enumerable.Range(0, steps).SelectMany(_ => trainer.Step().Losses).Select(loss => $"{loss.Name}={loss.Value:R}").ToList();
        return (WeightsFile.Sha256(state), string.Join(' ', losses));
    }
}
