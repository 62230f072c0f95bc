using System.Runtime.InteropServices;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Trials;
using GenCluster.Training.Loop;
using GenCluster.Training.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace GenCluster.Training.Runner;

/// <summary>libtorch's settings for a trial: threads and device.</summary>
internal static class TorchRuntime
{
    private static readonly Lazy<bool> OneInteropThread = new(SetInteropThreads);

    /// <summary>Sets the number of threads inside an operation. It belongs to the calling thread, and to the numbers: sums are split by it.</summary>
    public static void UseThreads(int threads)
    {
        NativeTorch.Load();
        _ = OneInteropThread.Value;
        set_num_threads(threads);
    }

    /// <summary>The device that the trial runs on.</summary>
    /// <param name="wanted">What the trial asks for: <c>auto</c>, <c>cpu</c> or <c>cuda</c>.</param>
    /// <param name="owned">What the worker owns, in the same words.</param>
    /// <exception cref="TrainingFailedException">The worker does not have it.</exception>
    public static Device Choose(string wanted, string owned)
    {
        string chosen = wanted == "auto" ? owned : wanted;
        bool cuda = NativeTorch.CudaAvailable;
        return chosen switch
        {
            "cpu" => CPU,
            "auto" => cuda ? CUDA : CPU,
            "cuda" when cuda && owned != "cpu" => CUDA,
            "cuda" => throw new TrainingFailedException(
                FailureClass.UserError, "the device 'cuda' is asked for and this worker has none; use resources.device: auto or cpu, or a worker with a CUDA device"),
            _ => throw new TrainingFailedException(FailureClass.UserError, $"the device '{chosen}' is not known; use auto, cpu or cuda"),
        };
    }

    /// <summary>Exact numbers on a GPU, or fast ones; a CPU has exact ones only.</summary>
    /// <exception cref="TrainingFailedException">The device does not have the precision.</exception>
    public static void UsePrecision(Precision precision, Device device)
    {
        if (device.type is DeviceType.CUDA)
            CudaNumerics.Apply(exact: precision is Precision.Float32);
        else if (precision is not Precision.Float32)
        {
            throw new TrainingFailedException(
                FailureClass.UserError, "training.precision: bf16 needs a CUDA device and this worker computes on its CPU; use float32, or resources.device: cuda");
        }
    }

    private static bool SetInteropThreads()
    {
        try
        {
            set_num_interop_threads(1);
            return true;
        }
        catch (ExternalException)
        {
            return false; // libtorch is at work already; nothing here forks between operations, so it is no loss
        }
    }
}
