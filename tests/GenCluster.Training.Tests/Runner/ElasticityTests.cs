using GenCluster.Core.Randomness;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Training;
using GenCluster.Core.Trials;
using GenCluster.Training.Loop;
using GenCluster.Training.Tests.Loop;
using static GenCluster.Training.Tests.Runner.ToyCluster;

namespace GenCluster.Training.Tests.Runner;

/// <summary>A trial whose workers come and go ends as if one worker had trained it undisturbed.</summary>
public sealed class ElasticityTests : IDisposable
{
    private static readonly TrialDefinition Definition = ToyTrial.Definition with { Training = ToyTraining.Spec with { Steps = 40, EvaluateEvery = 10, CheckpointEvery = 10 } };

    private readonly ToyTrial control = new();
    private readonly ToyTrial trial = new();

    public void Dispose()
    {
        control.Dispose();
        trial.Dispose();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_member_that_dies_costs_the_step_in_flight_and_nothing_else(int victim)
    {
        await using var cluster = new ToyCluster(trial, Definition, () => new ToyMaterials());
        ToyWorker[] workers = [cluster.Add(), cluster.Add(), cluster.Add()];
        cluster.Place(workers);

        await At(cluster, step: 10);
        cluster.Kill(workers[victim]);

        await EndsAsUndisturbed(cluster);
        cluster.Gang.ShouldAllBe(member => member.Recorder.Heard.Count(word => word.StartsWith("started")) == 2);
        cluster.Gang.SelectMany(member => member.Recorder.Heard).ShouldContain(word => word.StartsWith("started") && Number(word) >= 9);
    }

    [Theory]
    [InlineData(Compression.Bf16)]
    [InlineData(Compression.Int8)]
    [InlineData(Compression.TopK)]
    public async Task Where_gradients_are_encoded_a_member_that_dies_costs_the_steps_since_the_checkpoint(Compression code)
    {
        await using var cluster = new ToyCluster(trial, Encoded(Definition with { Training = Definition.Training with { EvaluateEvery = 5 } }, code));
        ToyWorker[] workers = [cluster.Add(), cluster.Add(), cluster.Add()];
        bool killed = false;
        cluster.Journal.OnEvaluated = step =>
        {
            if (step == 15 && !killed)
            {
                killed = true;
                cluster.Kill(workers[1]);
            }
        };
        cluster.Place(workers);

        await EndsAsUndisturbed(cluster);
        cluster.Gang.ShouldAllBe(member => member.Recorder.Heard.FindLast(word => word.StartsWith("started")) == "started 10");
    }

    [Fact]
    public async Task Where_gradients_are_encoded_a_joiner_takes_part_from_a_checkpoint_on()
    {
        await using var cluster = new ToyCluster(trial, Encoded(Definition with { Training = Definition.Training with { Steps = 400, CheckpointEvery = 20 } }, Compression.Int8));
        var (first, second) = (cluster.Add(), cluster.Add());
        cluster.Place(first);
        cluster.Invite(second);

        await second.Recorder.HasJoined.Task.WaitAsync(TimeSpan.FromSeconds(60));
        cluster.Regroup(forced: false, first, second);
        await Until(() => second.Recorder.Starts > 0);
        cluster.Kill(first);

        await EndsAsUndisturbed(cluster);
        second.Recorder.Heard.Where(word => word.StartsWith("started")).ShouldAllBe(word => Number(word) % 20 == 0);
    }

    [Fact]
    public async Task A_joiner_follows_takes_part_and_leads_when_the_others_are_gone()
    {
        await using var cluster = new ToyCluster(trial, Definition with { Training = Definition.Training with { Steps = 400, EvaluateEvery = 100 } });
        var (first, second) = (cluster.Add(), cluster.Add());
        cluster.Place(first);
        cluster.Invite(second);

        int joined = await second.Recorder.HasJoined.Task.WaitAsync(TimeSpan.FromSeconds(60));
        cluster.Regroup(forced: false, first, second);
        await Until(() => second.Recorder.Starts > 0);
        cluster.Kill(first);

        await EndsAsUndisturbed(cluster);
        joined.ShouldBeGreaterThan(0);
        second.Recorder.Heard.ShouldContain("checkpointed 400");
    }

    [Fact]
    public async Task A_planned_change_loses_no_step()
    {
        await using var cluster = new ToyCluster(trial, Definition);
        ToyWorker[] workers = [cluster.Add(), cluster.Add(), cluster.Add()];
        cluster.Place(workers);

        await At(cluster, step: 10);
        cluster.Regroup(forced: false, workers[1], workers[2]);

        await EndsAsUndisturbed(cluster);
        workers.SelectMany(worker => worker.Recorder.Heard).ShouldNotContain(word => word.StartsWith("broke"));
    }

    [Fact]
    public async Task A_drain_that_comes_while_the_gang_is_broken_stores_what_memory_holds()
    {
        await using var cluster = new ToyCluster(trial, Definition with { Training = Definition.Training with { Steps = 4_000, CheckpointEvery = 4_000 } });
        ToyWorker[] workers = [cluster.Add(), cluster.Add()];
        cluster.Place(workers);
        await At(cluster, step: 10);

        workers[1].Kill();
        await workers[0].Recorder.HasBroken.Task.WaitAsync(TimeSpan.FromSeconds(60));
        workers[0].Control.Drain();
        cluster.Regroup(forced: true, workers[0]);

        var drained = (await cluster.End()).ShouldBeOfType<RunOutcome.Drained>();
        drained.Step.ShouldBeGreaterThanOrEqualTo(10);
        workers[0].Recorder.Heard[^1].ShouldBe($"checkpointed {drained.Step}");
    }

    [Fact]
    public async Task A_leader_that_dies_over_its_last_duty_is_replaced()
    {
        await using var cluster = new ToyCluster(trial, Definition);
        ToyWorker[] workers = [cluster.Add(), cluster.Add()];
        bool killed = false;
        cluster.Journal.OnCheckpointed = step =>
        {
            if (step == Definition.Training.Steps && !killed)
            {
                killed = true;
                cluster.Kill(workers[0]);
            }
        };
        cluster.Place(workers);

        await EndsAsUndisturbed(cluster);
        workers[1].Recorder.Heard[^1].ShouldBe($"started {Definition.Training.Steps}"); // the checkpoint was heard; what came after it was not
    }

    [Fact]
    public async Task Every_image_is_used_as_often_as_one_worker_would_use_it()
    {
        var images = new ToyImages(count: 40);
        var definition = Definition with { Training = Definition.Training with { Steps = 300, Shards = 8, EvaluateEvery = 100, CheckpointEvery = 100 } };
        await using var cluster = new ToyCluster(trial, definition, () => new ToyMaterials(() => new ToyGan(), images));
        ToyWorker[] workers = [.. Enumerable.Range(0, 6).Select(_ => cluster.Add())];
        cluster.Place(workers[..4]);

        await At(cluster, step: 0);
        cluster.Regroup(forced: false, workers[..3]);
        await Until(() => workers[2].Recorder.Starts == 2);
        cluster.Invite(workers[4]);
        cluster.Invite(workers[5]);
        await Task.WhenAll(workers[4].Recorder.HasJoined.Task, workers[5].Recorder.HasJoined.Task).WaitAsync(TimeSpan.FromSeconds(60));
        cluster.Regroup(forced: false, [.. workers[..3], .. workers[4..]]);

        var expected = control.Run(new Recorder(), materials: new ToyMaterials(() => new ToyGan(), new ToyImages(count: 40)), definition: definition);
        (await cluster.End()).ShouldBe(expected);
        int[] uses = [.. images.Asked.CountBy(image => image).Select(image => image.Value)];
        uses.Length.ShouldBe(40);
        uses.ShouldAllBe(count => count == 240); // 300 steps of two updates of 16 images
    }

    private static TrialDefinition Encoded(TrialDefinition definition, Compression code) =>
        definition with { Training = definition.Training with { Compression = new CompressionSpec(code, code is Compression.TopK ? 0.1 : 0) } };

    private static int Number(string word) => int.Parse(word.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);

    private static Task At(ToyCluster cluster, int step) => Until(() =>
    {
        lock (cluster.Journal)
            return cluster.Journal.Heard.Contains($"evaluated {step}");
    });

    private static async Task Until(Func<bool> holds)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!holds())
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private async Task EndsAsUndisturbed(ToyCluster cluster)
    {
        var expected = control.Run(new Recorder(), definition: cluster.Definition);
        var outcome = await cluster.End();

        outcome.ShouldBe(expected);
        trial.Metrics.ShouldBe(control.Metrics);
    }
}
