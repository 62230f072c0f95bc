using GenCluster.Core.Randomness;
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

    [Fact]
    public async Task A_joiner_follows_takes_part_and_leads_when_the_others_are_gone()
    {
        await using var cluster = new ToyCluster(trial, Definition with { Training = Definition.Training with { Steps = 400, EvaluateEvery = 100 } });
        var (first, second) = (cluster.Add(), cluster.Add());
        cluster.Place(first);
        cluster.Invite(second);

        int joined = await second.Recorder.HasJoined.Task.WaitAsync(TimeSpan.FromSeconds(60));
        cluster.Regroup(forced: false, first, second);
        await Until(() => second.Recorder.Heard.Contains("started", WordStart));
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

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public async Task Any_schedule_of_deaths_joins_and_changes_ends_alike(int seed)
    {
        var random = new RandomStream((ulong)seed, new StreamAddress(StreamPurpose.Search));
        var definition = Definition with { Training = Definition.Training with { Steps = 300, EvaluateEvery = 60, CheckpointEvery = 60 } };
        await using var cluster = new ToyCluster(trial, definition);
        cluster.Place(Enumerable.Range(0, 1 + random.NextInt(3)).Select(_ => cluster.Add()).ToArray());
        for (int change = 0; change < 6 && !cluster.Journal.Ended.Task.IsCompleted; change++)
        {
            int progressed = cluster.Gang[0].Recorder.Progress.Count;
            await Until(() => cluster.Gang[0].Recorder.Progress.Count > progressed || cluster.Journal.Ended.Task.IsCompleted);
            if (cluster.Gang.Count > 1 && random.NextInt(2) == 0)
            {
                cluster.Kill(cluster.Gang[random.NextInt(cluster.Gang.Count)]);
                continue;
            }

            if (cluster.Gang.Count == 4)
                continue;
            var joiner = cluster.Add();
            cluster.Invite(joiner);
            await Until(() => joiner.Recorder.HasJoined.Task.IsCompleted || cluster.Journal.Ended.Task.IsCompleted);
            if (joiner.Recorder.HasJoined.Task.IsCompleted)
                cluster.Regroup(forced: false, [.. cluster.Gang, joiner]);
        }

        await EndsAsUndisturbed(cluster);
    }

    private static readonly IEqualityComparer<string> WordStart =
        EqualityComparer<string>.Create((word, start) => word!.StartsWith(start!, StringComparison.Ordinal) || start!.StartsWith(word!, StringComparison.Ordinal), _ => 0);

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
