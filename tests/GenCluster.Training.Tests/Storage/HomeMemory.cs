using System.Runtime.InteropServices;
using GenCluster.Training.Models;
using GenCluster.Training.Storage;

namespace GenCluster.Training.Tests.Storage;

/// <summary>Memory of nobody's for a network's gradients, full of rubbish at first.</summary>
internal sealed class HomeMemory
{
    private readonly float[] pinned;
    private readonly int first;

    public HomeMemory(Network network)
    {
        int length = NetworkStorage.GradientLength(network);
        pinned = GC.AllocateUninitializedArray<float>(length + GradientHome.Alignment / sizeof(float), pinned: true);
        first = Enumerable.Range(0, pinned.Length).First(i => Address(i) % GradientHome.Alignment == 0);
        Home = new GradientHome(Address(first), length);
        Span.Fill(float.NaN);
    }

    public GradientHome Home { get; }

    public Span<float> Span => pinned.AsSpan(first, Home.Length);

    private nint Address(int index) => Marshal.UnsafeAddrOfPinnedArrayElement(pinned, index);
}
