using System.Security.Cryptography;
using GenCluster.Training.Loop;
using GenCluster.Training.Safetensors;

namespace GenCluster.Training.Checkpoints;

/// <summary>
/// The weights of a model as one safetensors file that Python opens: <c>generator.main.0.weight</c>, and under
/// <c>average.</c> the averaged parameters that samples are drawn with. The same weights give the same bytes, so its
/// hash compares the results of two trainings bit for bit.
/// </summary>
public static class WeightsFile
{
    public static void Write(TrainingState state, Stream stream) => SafetensorsWriter.Write(
        stream,
        state.Networks.SelectMany(network => NetworkTensors.Weights(network, $"{network.Name}.")
            .Concat(NetworkTensors.Averages(network, $"average.{network.Name}."))));

    /// <summary>Lower-case hex of the file's SHA-256.</summary>
    public static string Sha256(TrainingState state)
    {
        using var sha256 = SHA256.Create();
        using (var hashing = new CryptoStream(Stream.Null, sha256, CryptoStreamMode.Write))
            Write(state, hashing);
        return Convert.ToHexStringLower(sha256.Hash!);
    }
}
