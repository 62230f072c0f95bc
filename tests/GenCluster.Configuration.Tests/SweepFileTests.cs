using System.Text;
using GenCluster.Configuration.Diagnostics;
using GenCluster.Core.Models;
using GenCluster.Core.Parameters;
using GenCluster.Core.Sweeps;

namespace GenCluster.Configuration.Tests;

public sealed class SweepFileTests
{
    private static readonly string Configs = Path.Combine(AppContext.BaseDirectory, "configs");

    public static TheoryData<string> ShippedFiles => [.. Directory.GetFiles(Configs, "*.yaml").Select(f => Path.GetFileName(f)).Order()];

    [Theory]
    [MemberData(nameof(ShippedFiles))]
    public void Every_shipped_file_loads_without_a_word(string file)
    {
        var result = SweepFile.Load(Path.Combine(Configs, file));

        result.Diagnostics.ShouldBeEmpty();
        result.Spec.ShouldNotBeNull().Name.ShouldBe(Path.GetFileNameWithoutExtension(file));
    }

    [Fact]
    public void The_quickstart_is_read_with_all_defaults_filled_in()
    {
        var expected = new SweepSpec(
            "quickstart",
            new TrainableSpec("dcgan", new Assignment(
            [
                new("latent", ParameterValue.Of(64)),
                new("generator.channels", ParameterValue.Of(16)),
                new("discriminator.channels", ParameterValue.Of(16)),
                new("discriminator.stepsPerGenerator", ParameterValue.Of(1)),
                new("discriminator.dropout", ParameterValue.Of(0.0)),
                new("loss", ParameterValue.Of("non-saturating")),
                new("gradientPenalty", ParameterValue.Of(10.0)),
                new("optimizer.type", ParameterValue.Of("adam")),
                new("optimizer.beta2", ParameterValue.Of(0.999)),
                new("optimizer.momentum", ParameterValue.Of(0.0)),
                new("optimizer.weightDecay", ParameterValue.Of(0.0)),
            ])),
            new DataSpec("fashion-mnist-sample", null, 32, 1000),
            new TrainingSpec(Steps: 900, BatchSize: 64, Shards: 1, EvaluateEvery: 300, CheckpointEvery: 100, Seed: 7, Threads: 1),
            new EvaluationSpec(512, 16, 128),
            new ObjectiveSpec("swd", Goal.Minimize),
            new SearchSpec("random", MaxTrials: 4, ParallelTrials: 2),
            new ParameterSpace(
            [
                new("optimizer.generator.learningRate", new LogUniform(3e-4, 3e-3)),
                new("optimizer.discriminator.learningRate", new LogUniform(3e-4, 3e-3)),
                new("optimizer.beta1", new Uniform(0.2, 0.8)),
            ]),
            new ResourceSpec(1, 1, "auto"),
            new BudgetSpec(4));

        SweepFile.Load(Path.Combine(Configs, "quickstart.yaml")).Spec.ShouldBe(expected);
    }

    [Fact]
    public void The_smallest_file_gets_every_default()
    {
        var model = ModelCatalogue.Find("vae")!;
        Texts.Spec(Texts.Smallest).ShouldBe(new SweepSpec(
            "smallest",
            new TrainableSpec("vae", new Assignment([.. model.Hyperparameters.Select(h => new Setting(h.Path, h.Default))])),
            new DataSpec("fashion-mnist-sample", null, 32, 1000),
            new TrainingSpec(100, 64, 1, EvaluateEvery: 100, CheckpointEvery: 100, 0, 1),
            new EvaluationSpec(512, 16, 128),
            new ObjectiveSpec("swd", Goal.Minimize),
            new SearchSpec("random", 1, 1),
            ParameterSpace.Empty,
            new ResourceSpec(1, 1, "auto"),
            new BudgetSpec(1)));
    }

    [Fact]
    public void Every_value_can_be_given()
    {
        var spec = Texts.Spec("""
            apiVersion: gencluster/v1
            kind: Sweep
            name: all-7
            trainable: {model: ddpm, schedule: cosine, optimizer: {beta1: 0, beta2: 0.99}, optimizer.learningRate: 1e-3}
            data: {dataset: fashion-mnist, path: /data/images of clothes, imageSize: 32, heldOut: 2000}
            training: {steps: 100000, batchSize: 128, shards: 8, evaluateEvery: 500, checkpointEvery: 250, seed: 9007199254740992, threads: 4}
            evaluation: {samples: 2000, patchesPerImage: 8, projections: 512}
            objective: {metric: swd, goal: maximize}
            search: {algorithm: random, maxTrials: 10, parallelTrials: 5}
            parameters: {channels: {values: [8, 16]}}
            resources: {workers: {min: 2, max: 8}, device: cuda}
            budget: {maxFailedTrials: 0, maxRestarts: 2}
            """);

        spec.Trainable.Settings.ToString().ShouldBe("ema=0.999 optimizer.beta1=0 optimizer.beta2=0.99 optimizer.learningRate=0.001 optimizer.momentum=0 optimizer.type=adam optimizer.weightDecay=0 samplingSteps=25 schedule=cosine timesteps=1000");
        spec.Trainable.Settings["optimizer.beta1"].ShouldBe(ParameterValue.Of(0.0));
        spec.Data.ShouldBe(new DataSpec("fashion-mnist", "/data/images of clothes", 32, 2000));
        spec.Training.ShouldBe(new TrainingSpec(100_000, 128, 8, 500, 250, 1L << 53, 4));
        spec.Evaluation.ShouldBe(new EvaluationSpec(2000, 8, 512));
        spec.Objective.ShouldBe(new ObjectiveSpec("swd", Goal.Maximize));
        spec.Search.ShouldBe(new SearchSpec("random", 10, 5));
        spec.Resources.ShouldBe(new ResourceSpec(2, 8, "cuda"));
        spec.Budget.ShouldBe(new BudgetSpec(0, MaxRestarts: 2));
    }

    [Fact]
    public void Checkpoints_come_every_500_steps_of_a_long_trial()
    {
        Texts.Spec(Texts.Smallest.Replace("100", "2000", StringComparison.Ordinal)).Training.CheckpointEvery.ShouldBe(500);
    }

    [Theory]
    [InlineData("2", 2, 2)]
    [InlineData("{min: 2}", 2, 2)]
    [InlineData("{max: 3}", 1, 3)]
    [InlineData("{min: 2, max: 4}", 2, 4)]
    public void Workers_are_a_number_or_a_range(string workers, int min, int max)
    {
        var spec = Texts.Spec($"{Texts.Smallest.Replace("100", "100, shards: 4", StringComparison.Ordinal)}\nresources: {{workers: {workers}}}");

        (spec.Resources.MinWorkers, spec.Resources.MaxWorkers).ShouldBe((min, max));
    }

    [Fact]
    public void The_exchange_of_a_gang_can_be_given()
    {
        var spec = Texts.Spec("""
            apiVersion: gencluster/v1
            kind: Sweep
            name: exchange
            trainable: {model: dcgan}
            training:
              {steps: 100, accumulate: 4, clipNorm: 1, precision: bf16, compression: top-k, compressionRatio: 0.05, overlap: on, shards: 2}
            resources: {workers: 2, device: cuda, rebalance: auto, transport: shared-memory}
            """);

        spec.Training.ShouldBe(new TrainingSpec(
            100, 64, 2, 100, 100, 0, 1,
            Accumulate: 4, ClipNorm: 1, new CompressionSpec(Compression.TopK, 0.05), Diloco: null, Overlap.On, Precision.Bf16));
        spec.Resources.ShouldBe(new ResourceSpec(2, 2, "cuda", Rebalance.Auto, Transport.SharedMemory));
    }

    [Theory]
    [InlineData("none", null, 0)]
    [InlineData("bf16", Compression.Bf16, 0)]
    [InlineData("int8", Compression.Int8, 0)]
    [InlineData("top-k", Compression.TopK, 0.01)]
    public void Gradients_may_be_encoded(string code, Compression? expected, double ratio)
    {
        Training($"compression: {code}").Compression.ShouldBe(expected is { } given ? new CompressionSpec(given, ratio) : null);
    }

    [Theory]
    [InlineData("every-update", 0, 0, 0)]
    [InlineData("{}", 0, 0, 0)]
    [InlineData("diloco", 16, 0.7, 0.9)]
    [InlineData("local-sgd", 16, 1, 0)]
    [InlineData("{mode: local-sgd, localSteps: 8}", 8, 1, 0)]
    [InlineData("{mode: diloco, localSteps: 32, outer: {learningRate: 1, momentum: 0}}", 32, 1, 0)]
    [InlineData("{mode: diloco, outer: {momentum: 0.5}}", 16, 0.7, 0.5)]
    public void Members_may_train_alone_for_a_while(string synchronization, int localSteps, double learningRate, double momentum)
    {
        Training($"synchronization: {synchronization}").Diloco
            .ShouldBe(localSteps == 0 ? null : new DilocoSpec(localSteps, learningRate, momentum));
    }

    [Fact]
    public void Checkpoints_of_members_that_train_alone_come_when_they_agree_again()
    {
        var training = Training("synchronization: diloco", steps: 2000);

        training.CheckpointEvery.ShouldBe(496);
        training.EvaluateEvery.ShouldBe(2000, "the end ends a round, too");
    }

    [Theory]
    [InlineData("auto", Transport.Auto)]
    [InlineData("shared-memory", Transport.SharedMemory)]
    [InlineData("unix", Transport.Unix)]
    [InlineData("tcp", Transport.Tcp)]
    public void A_transport_can_be_forced(string transport, Transport expected)
    {
        Texts.Spec($"{Texts.Smallest}\nresources: {{transport: {transport}}}").Resources.Transport.ShouldBe(expected);
    }

    [Fact]
    public void Who_comes_first_and_what_of_a_device_is_needed_can_be_given()
    {
        var spec = Texts.Spec($"{Texts.Smallest}\nresources: {{priority: -5, project: vision, minRuntime: 10m, memory: 1.5GiB, shareDevice: true}}");

        spec.Resources.ShouldBe(new ResourceSpec(1, 1, "auto", Priority: -5, Project: "vision", MinRuntimeSeconds: 600, Memory: 1_610_612_736, ShareDevice: true));
        Texts.Spec(Texts.Smallest).Resources.ShouldBe(new ResourceSpec(1, 1, "auto", Project: "default"));
    }

    [Theory]
    [InlineData("90s", 90)]
    [InlineData("8h", 28_800)]
    [InlineData("9999d", 863_913_600)]
    public void A_minimum_run_time_has_a_unit(string text, int seconds)
    {
        Texts.Spec($"{Texts.Smallest}\nresources: {{minRuntime: {text}}}").Resources.MinRuntimeSeconds.ShouldBe(seconds);
    }

    [Fact]
    public void Nested_and_dotted_paths_mean_the_same_and_their_order_does_not_matter()
    {
        const string Start = "apiVersion: gencluster/v1\nkind: Sweep\nname: same\ntraining: {steps: 1}\nsearch: {maxTrials: 2}\n";
        var nested = Texts.Spec(Start + "trainable: {model: dcgan, generator: {channels: 8}}\nparameters: {optimizer: {beta1: {min: 0.1, max: 0.2}, generator: {learningRate: {value: 0.1}}}}");
        var dotted = Texts.Spec(Start + "parameters: {optimizer.generator.learningRate: {value: 0.1}, optimizer: {}, optimizer.beta1: {max: 0.2, min: 0.1}}\ntrainable: {generator.channels: 8, model: dcgan}");

        dotted.ShouldBe(nested);
    }

    [Fact]
    public void A_mark_at_the_beginning_and_carriage_returns_do_no_harm()
    {
        byte[] bytes = [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(Texts.Smallest.ReplaceLineEndings("\r\n"))];

        SweepFile.Parse("sweep.yaml", bytes).Spec.ShouldBe(Texts.Spec(Texts.Smallest));
    }

    [Fact]
    public void More_trials_than_one_without_a_search_are_worth_a_warning()
    {
        var result = Texts.Read(Texts.Smallest + "\nsearch: {maxTrials: 3}");

        result.Spec.ShouldNotBeNull().Search.MaxTrials.ShouldBe(3);
        result.Diagnostics.ShouldHaveSingleItem().ToString().ShouldBe(
            "sweep.yaml:6:21: warning GC0209: search.maxTrials: got 3, but there is nothing to search, so all trials would be equal; add parameters or remove it");
    }

    [Fact]
    public void A_search_hidden_by_mistakes_is_not_called_missing()
    {
        Texts.Said(Texts.Smallest + "\nsearch: {maxTrials: 3}\nparameters: {latent: {min: many, max: 3}}").ShouldBe(
            ["sweep.yaml:7:28: error GC0104: parameters.latent.min: got the text 'many'; write an integer from 1 to 4096"]);
    }

    [Fact]
    public void Mistakes_are_sorted_by_position()
    {
        var found = Texts.Read("training: {steps: x}\nname: X\nkind: Y\n").Diagnostics;

        found.ShouldBe(found.OrderBy(d => d.Line).ThenBy(d => d.Column).ToList());
        found.ShouldAllBe(d => d.Severity == Severity.Error);
    }

    [Fact]
    public void A_file_that_is_not_there_is_a_mistake_like_others()
    {
        SweepFile.Load("no/such/sweep.yaml").Diagnostics.ShouldHaveSingleItem().ToString()
            .ShouldBe("no/such/sweep.yaml:1:1: error GC0001: there is no such file; check the path");
    }

    [Fact]
    public void So_is_a_folder()
    {
        SweepFile.Load(Configs).Diagnostics.ShouldHaveSingleItem().ToString()
            .ShouldBe($"{Configs}:1:1: error GC0001: this is a folder; give the path of a file in it");
    }

    [Theory]
    [InlineData("")]
    [InlineData("a\0b.yaml")]
    public void So_is_a_path_that_cannot_be_one(string path)
    {
        var diagnostic = SweepFile.Load(path).Diagnostics.ShouldHaveSingleItem();

        diagnostic.Code.ShouldBe(DiagnosticCodes.Unreadable);
        diagnostic.Message.ShouldStartWith("the file cannot be read: ");
    }

    private static TrainingSpec Training(string more, int steps = 100) =>
        Texts.Spec(Texts.Smallest.Replace("100", $"{steps}, {more}", StringComparison.Ordinal)).Training;
}
