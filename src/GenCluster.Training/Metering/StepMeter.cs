using GenCluster.Collectives.Gangs;
using GenCluster.Core.Identity;
using GenCluster.Core.Metrics;
using GenCluster.Training.Loop;
using GenCluster.Training.Native;
using TorchSharp;

namespace GenCluster.Training.Metering;

/// <summary>Records each step of a run while it trains with one gang; what costs something, once a second.</summary>
internal sealed class StepMeter
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);

    private readonly TrainingMeters meters;
    private readonly StepClock time;
    private readonly IGang gang;
    private readonly TimeProvider clock;
    private readonly CudaRuntime? device;
    private readonly Dictionary<string, IMetricSeries> norms;
    private readonly IMetricSeries used, free, total;
    private TimeSpan waited;
    private long lookedAt;
    private int last;

    public StepMeter(TrainingMeters meters, TrialId trial, TrainingState state, StepClock time, IGang gang, TimeProvider clock)
    {
        (this.meters, this.time, this.gang, this.clock, last) = (meters, time, gang, clock, state.Step);
        var recorder = meters.Recorder;
        device = state.Device.type is DeviceType.CUDA ? CudaRuntime.OfThisProcess : null;
        norms = new[] { ("generator", "g"), ("discriminator", "d") }.Where(net => state.Networks.Any(network => network.Name == net.Item1))
            .ToDictionary(net => net.Item1, net => recorder.Series(MetricCatalogue.GanGradNorm, trial.Sweep.Value, $"{trial.Number}", net.Item2));
        (used, free, total) = device is null ? (Nothing, Nothing, Nothing) : (Memory("used"), Memory("free"), Memory("total"));
        lookedAt = clock.GetTimestamp();
        time.Clear();
        time.WantsNorms = norms.Count > 0 && recorder != IMetricRecorder.None;

        IMetricSeries Memory(string kind) => recorder.Series(MetricCatalogue.GpuMemory, kind);
    }

    private static IMetricSeries Nothing => IMetricRecorder.None.Series(MetricCatalogue.GpuMemory);

    public void Note(StepResult result)
    {
        var soFar = gang.Waits.Waited;
        meters.Step(result.Step - last, time, soFar - waited);
        (last, waited) = (result.Step, soFar);
        foreach (var (network, norm) in time.Norms)
        {
            if (norms.TryGetValue(network, out var series))
                series.Record(norm);
        }

        time.Clear();
        Look();
    }

    private void Look()
    {
        bool isTime = clock.GetElapsedTime(lookedAt) >= LookInterval;
        time.WantsNorms = isTime && norms.Count > 0 && meters.Recorder != IMetricRecorder.None;
        if (!isTime)
            return;
        lookedAt = clock.GetTimestamp();
        if (device?.Memory is not { } memory)
            return;
        used.Record(memory.Total - memory.Free);
        free.Record(memory.Free);
        total.Record(memory.Total);
    }
}
