using GenCluster.Cli.CommandLine;
using GenCluster.Cli.Tests.Support;

namespace GenCluster.Cli.Tests.Planning;

public sealed class PlanCommandTests : IDisposable
{
    private readonly Bench bench = new();

    public void Dispose() => bench.Dispose();

    [Theory]
    [InlineData("plan FILE", "plan")]
    [InlineData("plan FILE --first 2", "plan-first-2")]
    [InlineData("plan FILE --first 1 --output json", "plan-json")]
    public async Task Shows_what_would_run(string line, string expectation)
    {
        (await bench.RunAsync(line)).ShouldBe(ExitCode.Done);

        bench.Out.ShouldMatch(expectation);
        bench.Error.ShouldBeEmpty();
        Directory.Exists(bench.Runs).ShouldBeFalse();
    }

    [Fact]
    public async Task Says_how_gradients_are_summed_where_the_file_says_so()
    {
        File.WriteAllText(bench.SweepFile, """
            apiVersion: gencluster/v1
            kind: Sweep
            name: slow-network
            trainable: {model: vae}
            training:
              {steps: 100, accumulate: 4, clipNorm: 0.5, precision: bf16, compression: top-k, compressionRatio: 0.07, overlap: off, shards: 2}
            resources: {workers: 2, rebalance: auto, transport: unix, priority: 5, project: vision, minRuntime: 10m, memory: 6GiB, shareDevice: true}
            """);

        (await bench.RunAsync("plan FILE")).ShouldBe(ExitCode.Done);

        bench.Out.ShouldContain("""
            each runs   100 steps of 4 x 64 images = 25,600 images, 2 shards of 32, on 2 workers
                        1 evaluation besides that of untrained weights, 1 checkpoint
                        gradients clipped at norm 0.5
                        bf16, on CUDA only; not exact
                        gradients encoded as top-k, the largest 7 % of each block, in every sum
                        gradients do not travel during the backward pass
                        shards move from slow workers to fast ones
                        workers talk over Unix sockets only
                        priority 5: before others, and in their place if need be
                        with the quota and the share of project vision
                        runs for 10m00s before a higher priority may take its place
                        each worker needs 6GiB of its device, and leaves the rest to others
            """);
    }

    [Theory]
    [InlineData("diloco", "workers train alone for 16 steps at a time; their changes are averaged and applied with learning rate 0.7 and momentum 0.9")]
    [InlineData("{mode: local-sgd, localSteps: 4}", "workers train alone for 4 steps at a time; their weights are averaged")]
    public async Task Says_when_workers_agree_on_weights(string synchronization, string said)
    {
        File.WriteAllText(bench.SweepFile, $"""
            apiVersion: gencluster/v1
            kind: Sweep
            name: slow-network
            trainable: [model: vae]
            training: [steps: 100, synchronization: {synchronization}]
            """.Replace('[', '{').Replace(']', '}'));

        (await bench.RunAsync("plan FILE --output json")).ShouldBe(ExitCode.Done);

        bench.Out.ShouldContain($"\"{said}\"");
    }

    [Fact]
    public async Task A_program_that_says_no_steps_runs_until_it_ends()
    {
        File.WriteAllText(bench.SweepFile, """
            apiVersion: gencluster/v1
            kind: Sweep
            name: endless
            trainable: {command: [train, "${args}"]}
            objective: {metric: loss}
            search: {maxTrials: 2}
            parameters: {width: {min: 1, max: 8}}
            """);

        (await bench.RunAsync("plan FILE")).ShouldBe(ExitCode.Done);

        bench.Out.ShouldContain("each runs   until it ends, on 1 worker");
    }

    [Fact]
    public async Task Shows_every_option_in_force_and_what_only_some_trials_have()
    {
        File.WriteAllText(bench.SweepFile, """
            apiVersion: gencluster/v1
            kind: Sweep
            name: rules
            trainable: {command: [train, "${args}"]}
            training: {steps: 27}
            objective: {metric: loss, target: 0.5, also: [{metric: latency}], constraints: [memory < 8]}
            search: {algorithm: random, maxTrials: 6, seedTrials: [{loss: a}]}
            parameters:
              loss: {values: [a, b]}
              margin: {min: 0.0, max: 1.0, when: {loss: b}}
              width: {min: 1, max: 8}
            constraints: [width > 1]
            earlyStopping: {type: patience, evaluations: 3}
            warmStart: {sweep: earlier}
            budget: {wallClock: 8h, gpuHours: 2.5, maxFailedTrials: 1, maxRestarts: 2, plateau: {trials: 4}}
            """);

        (await bench.RunAsync("plan FILE")).ShouldBe(ExitCode.Done);

        bench.Out.ShouldContain("""
            program     train ${args}
            objective   minimize loss
                        ends when loss is at most 0.5
                        and minimize latency
                        where memory < 8
            search      random, seed 0
                        first loss=a
                        20 best trials of earlier as evidence
            stopping    patience
                        evaluations 3, minDelta 0, gracePeriod 0, rule gencluster
            budget      8h00m, 2.5 device hours, at most 1 failed trial, 2 restarts of a trial, ends after 4 trials without an improvement by more than 0
            trials      6, 1 at a time
            each runs   until it ends, judged up to 27 of its own steps, on 1 worker
            searched    loss: one of a, b
                        margin: uniform 0 to 1 when loss == 'b'
                        width: integer 1 to 8
                        where width > 1
            """);
    }

    [Fact]
    public async Task A_broken_file_ends_with_2()
    {
        File.WriteAllText(bench.SweepFile, "kind: Swep\n");

        (await bench.RunAsync("plan FILE")).ShouldBe(ExitCode.WrongInput);

        bench.Out.ShouldBeEmpty();
        bench.Error.ShouldContain("/tmp/clothes.yaml:1:7: error GC");
    }
}
