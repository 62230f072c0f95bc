using GenCluster.Core.Training;
using GenCluster.Training.Tests.Loop;

namespace GenCluster.Training.Tests.Runner;

/// <summary>A leader that is not sure of its lease trains on, and writes nothing that others would stumble over.</summary>
public sealed class OwnLeaseTests : IDisposable
{
    private static readonly TimeSpan Lasting = TimeSpan.FromSeconds(2), Patience = TimeSpan.FromSeconds(60);

    private readonly ToyTrial undisturbed = new();
    private readonly ToyTrial trial = new();
    private readonly ManualClock clock = new();

    public void Dispose()
    {
        undisturbed.Dispose();
        trial.Dispose();
    }

    [Fact]
    public async Task Files_are_not_taken_over_before_the_lease_is_sure()
    {
        using var control = new RunControl(clock);
        var recorder = new Recorder();
        var run = ToyTraining.OnOwnThread(() => trial.Run(recorder, control));
        await Until(() => recorder.Starts > 0);

        File.Exists(Path.Combine(trial.Folder, "metrics.csv")).ShouldBeFalse();
        control.Confirm(clock.GetTimestamp(), Lasting);

        (await run).ShouldBe(undisturbed.Run(new Recorder()));
        trial.Metrics.ShouldBe(undisturbed.Metrics);
    }

    [Fact]
    public async Task Training_goes_on_without_a_coordinator_and_what_is_for_all_to_see_comes_when_it_is_back()
    {
        using var control = new RunControl(clock);
        control.Confirm(clock.GetTimestamp(), Lasting);
        var stored = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var recorder = new Recorder { OnEvaluated = _ => clock.Pass(Lasting), OnCheckpointed = step => SetAtTheEnd(stored, step) };
        var run = ToyTraining.OnOwnThread(() => trial.Run(recorder, control));
        await stored.Task.WaitAsync(Patience);

        trial.Metrics.ShouldContain("\n7,", customMessage: "rows have a file of their own");
        Pictures(trial).ShouldBe(["step-000000.png"], "the lease was still sure when that one was drawn");
        File.Exists(Path.Combine(trial.Folder, "weights.safetensors")).ShouldBeFalse();
        run.IsCompleted.ShouldBeFalse();

        control.Confirm(clock.GetTimestamp(), Lasting);
        (await run).ShouldBe(undisturbed.Run(new Recorder()));
        Pictures(trial).ShouldBe(Pictures(undisturbed));
        File.Exists(Path.Combine(trial.Folder, "weights.safetensors")).ShouldBeTrue();
    }

    [Fact]
    public async Task A_leader_whose_lease_is_over_has_left_nothing_behind()
    {
        using var control = new RunControl(clock);
        control.Confirm(clock.GetTimestamp(), Lasting);
        var stored = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var recorder = new Recorder { OnEvaluated = _ => clock.Pass(Lasting), OnCheckpointed = step => SetAtTheEnd(stored, step) };
        var run = ToyTraining.OnOwnThread(() => trial.Run(recorder, control));
        await stored.Task.WaitAsync(Patience);

        control.Abort();

        await Should.ThrowAsync<OperationCanceledException>(run);
        Pictures(trial).ShouldBe(["step-000000.png"]);
        File.Exists(Path.Combine(trial.Folder, "weights.safetensors")).ShouldBeFalse();
    }

    private static void SetAtTheEnd(TaskCompletionSource stored, int step)
    {
        if (step == ToyTrial.Definition.Training.Steps)
            stored.SetResult();
    }

    private static string[] Pictures(ToyTrial of) =>
        [.. Directory.GetFiles(Path.Combine(of.Folder, "samples"), "*.png").Select(file => Path.GetFileName(file)).Order()];

    private static async Task Until(Func<bool> holds)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (!holds())
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private sealed class ManualClock : TimeProvider
    {
        private long now = 1_000_000;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Volatile.Read(ref now);

        public void Pass(TimeSpan time) => Interlocked.Add(ref now, time.Ticks);
    }
}
