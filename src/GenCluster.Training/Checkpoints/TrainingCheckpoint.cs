using GenCluster.Core.Checkpoints;
using GenCluster.Core.Trials;
using GenCluster.Training.Loop;
using GenCluster.Training.Safetensors;
using GenCluster.Training.Tracing;

namespace GenCluster.Training.Checkpoints;

/// <summary>
/// The training state as blobs, two for each network: <c>generator.weights</c> holds its parameters and buffers by
/// name, <c>generator.optimizer</c> the optimizer's moments and count, and the average.
/// </summary>
public static class TrainingCheckpoint
{
    /// <summary>Stores the state.</summary>
    /// <exception cref="IOException">It could not be stored.</exception>
    public static CheckpointManifest Save(TrainingState state, ICheckpointStore store, string numerics)
    {
        var blobs = new List<BlobRef>();
        foreach (var (i, network) in state.Networks.Index())
        {
            Trace(state);
            blobs.Add(store.Put(WeightsOf(network.Name), stream => SafetensorsWriter.Write(stream, NetworkTensors.Weights(network))));
            Trace(state);
            blobs.Add(store.Put(OptimizerOf(network.Name), stream => SafetensorsWriter.Write(stream, NetworkTensors.Optimizer(network, state.OuterMomentum[i]))));
        }

        return new CheckpointManifest(state.Step, [.. blobs], numerics);
    }

    /// <summary>Puts a stored state in place of this one: all of it, or nothing.</summary>
    /// <exception cref="CorruptBlobException">A blob is not whole.</exception>
    /// <exception cref="TrainingFailedException">The checkpoint is another model's, or was made with other numerics.</exception>
    public static void Load(TrainingState state, ICheckpointStore store, CheckpointManifest manifest, string numerics)
    {
        if (manifest.Numerics != numerics)
        {
            throw new TrainingFailedException(
                FailureClass.UserError,
                $"the checkpoint of step {manifest.Step} was made on '{manifest.Numerics}' and this worker is '{numerics}'; "
                + "going on here would give other bits, so resume on a worker like the first one, or start the trial anew");
        }

        Action[] parts = [.. state.Networks.Select((network, i) => NetworkTensorsOf(network, state.OuterMomentum[i], store, manifest))];
        foreach (var put in parts)
            put();
        state.Position = new Position(manifest.Step, 1); // an evaluation comes before the checkpoint of its step
    }

    /// <summary>Puts stored weights in place of this state's own, as if it had been initialised with them.</summary>
    /// <exception cref="CorruptBlobException">A blob is not whole.</exception>
    /// <exception cref="TrainingFailedException">The checkpoint is another model's.</exception>
    public static void LoadWeights(TrainingState state, ICheckpointStore store, CheckpointManifest manifest)
    {
        Action[] parts = [.. state.Networks.Select(network => Fitting(manifest, () => NetworkTensors.ReadWeights(network, Read(WeightsOf(network.Name), store, manifest))))];
        foreach (var put in parts)
            put();
    }

    private static Action NetworkTensorsOf(Storage.NetworkStorage network, float[] outer, ICheckpointStore store, CheckpointManifest manifest) =>
        Fitting(manifest, () => NetworkTensors.Read(
            network, outer, Read(WeightsOf(network.Name), store, manifest), Read(OptimizerOf(network.Name), store, manifest)));

    private static Action Fitting(CheckpointManifest manifest, Func<Action> read)
    {
        try
        {
            return read();
        }
        catch (SafetensorsException e)
        {
            throw new TrainingFailedException(FailureClass.UserError, $"the checkpoint of step {manifest.Step} does not fit the model: {e.Message}", e);
        }
    }

    private static SafetensorsFile Read(string name, ICheckpointStore store, CheckpointManifest manifest)
    {
        var blob = manifest.Blobs.FirstOrDefault(blob => blob.Name == name) ?? throw new SafetensorsException(name, "the manifest does not name it");
        return SafetensorsFile.Parse(store.Get(blob), name);
    }

    private static void Trace(TrainingState state) => TrainingTrace.Log.Phase(state.Step, update: -1, TrainingTrace.Blob);

    private static string WeightsOf(string network) => $"{network}.weights";

    private static string OptimizerOf(string network) => $"{network}.optimizer";
}
