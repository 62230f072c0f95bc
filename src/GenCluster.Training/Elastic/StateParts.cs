using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using GenCluster.Training.Loop;

namespace GenCluster.Training.Elastic;

/// <summary>
/// The numbers of a training state as runs of bytes, for copying them from one member to another. Which there are and
/// how long each is follows from the model, so both ends know it and compare only.
/// </summary>
internal static class StateParts
{
    private const int OfNetwork = 7;

    public static int Count(TrainingState state) => state.Networks.Count * OfNetwork;

    public static Span<byte> Part(TrainingState state, int number)
    {
        var network = state.Networks[number / OfNetwork];
        return (number % OfNetwork) switch
        {
            0 => MemoryMarshal.AsBytes(network.Parameters),
            1 => MemoryMarshal.AsBytes(network.FirstMoment),
            2 => MemoryMarshal.AsBytes(network.SecondMoment),
            3 => MemoryMarshal.AsBytes(network.Average),
            4 => MemoryMarshal.AsBytes(network.Buffers),
            5 => MemoryMarshal.AsBytes(network.Counters),
            _ => MemoryMarshal.AsBytes(state.OuterMomentum[number / OfNetwork].AsSpan()),
        };
    }

    /// <summary>SHA-256 of all lengths: two members whose states are not alike do not begin.</summary>
    public static byte[] Hash(TrainingState state) =>
        SHA256.HashData(Encoding.ASCII.GetBytes(string.Join(' ', Enumerable.Range(0, Count(state)).Select(part => Part(state, part).Length))));

    /// <summary>Makes the device see parts that were written.</summary>
    public static void Upload(TrainingState state)
    {
        foreach (var network in state.Networks)
        {
            network.UploadParameters();
            network.UploadBuffers();
        }
    }
}
