using System.Runtime.CompilerServices;
using GenCluster.Training.Native;

namespace GenCluster.Training.Tests.Native;

/// <summary>Tests may use TorchSharp before anything of ours, so the way to libtorch is laid when they start.</summary>
internal static class TorchForTests
{
    [ModuleInitializer]
    internal static void LayTheWay() => RuntimeHelpers.RunModuleConstructor(typeof(NativeTorch).Module.ModuleHandle);
}
