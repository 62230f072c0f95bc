using GenCluster.Collectives.Gangs;
using GenCluster.Core.Sweeps;
using GenCluster.Training.Loop;
using GenCluster.Training.Models;
using GenCluster.Training.Native;
using GenCluster.Training.Optimizers;
using static TorchSharp.torch;

namespace GenCluster.Benchmarks.Training;

/// <summary>The project's own loop, alone or as a member of a gang; a member has one shard.</summary>
internal sealed class OwnTraining : ITraining
{
    private readonly GenerativeModel model;
    private readonly TrainingState state;
    private readonly Trainer trainer;
    private readonly IGang gang;

    /// <param name="join">Joins a gang for the state that is given.</param>
    public OwnTraining(int batch, int members, Func<TrainingState, IGang> join)
    {
        NativeTorch.Load();
        model = BenchmarkModel.Create();
        state = new TrainingState(model, CPU, shards: members) { Position = new Position(0, Operation: 1) };
        var training = new TrainingSpec(
            Steps: int.MaxValue, BatchSize: batch * members, Shards: members, EvaluateEvery: 0, CheckpointEvery: 0, Seed: 7, Threads: 1);
        trainer = new Trainer(state, training, new NoiseImages());
        gang = join(state);
        trainer.Join(gang);
    }

    public void Step() => trainer.Step();

    public void Optimize()
    {
        foreach (var phase in model.Phases)
        {
            foreach (var network in state.Networks.Where(network => phase.Updates.Contains(network.Name)))
            {
                Optimizer.Update(
                    phase.Optimizer, network.Parameters, network.Gradients, scale: 1, network.FirstMoment, network.SecondMoment, ++network.Updates);
            }
        }
    }

    public void Dispose()
    {
        gang.Dispose();
        trainer.Dispose();
        state.Dispose();
        model.Dispose();
    }
}
