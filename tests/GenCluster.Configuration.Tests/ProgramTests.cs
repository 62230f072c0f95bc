using GenCluster.Core.Parameters;
using GenCluster.Core.Sweeps;

namespace GenCluster.Configuration.Tests;

/// <summary>Sweeps over a program: any hyperparameters, the distribution gives the type.</summary>
public sealed class ProgramTests
{
    [Fact]
    public void A_program_with_everything()
    {
        var spec = Texts.Spec("""
            apiVersion: gencluster/v1
            kind: Sweep
            name: program
            trainable:
              command: ["${env}", python3, "${program}", --epochs, 010, "${args}"]
              program: train.py
              environment: {OMP_NUM_THREADS: 1, MODE: fast}
              workingDirectory: /srv/project
              metrics: {source: file, path: logs/metrics.jsonl}
              grace: 1m30s
              resource: epoch
            training: {steps: 27, seed: 5}
            objective: {metric: loss, also: [{metric: accuracy, goal: maximize}], constraints: [memory < 8e9]}
            search: {algorithm: tpe, maxTrials: 20, seedTrials: [{lr: 0.01}]}
            parameters: {lr: {distribution: log_uniform_values, min: 1.0e-4, max: 1}}
            earlyStopping: {type: asha, gracePeriod: 1}
            resources: {workers: 2}
            """);

        spec.Trainable.ShouldBe(new TrainableSpec("command", Assignment.Empty, new CommandSpec(
            ["${env}", "python3", "${program}", "--epochs", "010", "${args}"], "train.py", [new("OMP_NUM_THREADS", "1"), new("MODE", "fast")],
            "/srv/project", MetricsSource.File, "logs/metrics.jsonl", 90, "epoch")));
        spec.Training.ShouldBe(new TrainingSpec(27, 2, 2, 1, 1, 5, 1));
        spec.Objective.ShouldBe(new ObjectiveSpec("loss", Goal.Minimize));
        spec.Comparison.ShouldBe(new ComparisonSpec([new("accuracy", Goal.Maximize)], [new Predicate("memory < 8e9")]));
        spec.Resources.ShouldBe(new ResourceSpec(2, 2, "auto"));
        spec.EarlyStopping.ShouldNotBeNull().Options.ToString().ShouldBe("gracePeriod=1");
    }

    [Fact]
    public void The_smallest_program_gets_every_default()
    {
        var spec = Read("x: {value: 1}");

        spec.Trainable.Command.ShouldBe(new CommandSpec(["train"]));
        spec.Training.ShouldBe(new TrainingSpec(CommandSpec.NoEnd, 1, 1, 1, 1, 0, 1));
        spec.Data.ShouldBe(new DataSpec("none", null, 1, 0));
        spec.Search.ShouldBe(new SearchSpec("random", 1, 1));
    }

    public static TheoryData<string, Distribution> Forms => new()
    {
        { "{value: 1}", new Constant(ParameterValue.Of(1L)) },
        { "{value: 1.5}", new Constant(ParameterValue.Of(1.5)) },
        { "{value: adam}", new Constant(ParameterValue.Of("adam")) },
        { "{value: true}", new Constant(ParameterValue.Of(true)) },
        { "{values: [1, 2]}", new Categorical([ParameterValue.Of(1L), ParameterValue.Of(2L)], null) },
        { "{values: [1, 2.5]}", new Categorical([ParameterValue.Of(1.0), ParameterValue.Of(2.5)], null) },
        { "{values: [1, auto, false]}", new Categorical([ParameterValue.Of(1L), ParameterValue.Of("auto"), ParameterValue.Of(false)], null) },
        { "{min: 1, max: 64}", new IntUniform(1, 64) },
        { "{min: 1, max: 64.0}", new Uniform(1, 64) },
        { "{min: 0, max: 1, step: 0.5}", Quantized.Evenly(0, 1, 0.5, integers: false) },
        { "{min: 0, max: 10, step: 5}", Quantized.Evenly(0, 10, 5, integers: true) },
        { "{distribution: uniform, min: 1, max: 64}", new Uniform(1, 64) },
        { "{distribution: int_log_uniform, min: 1, max: 64}", new IntLogUniform(1, 64) },
        { "{distribution: q_uniform, min: 0.5, max: 64}", new Quantized(new Uniform(0.5, 64), 1, Integers: true) },
        { "{distribution: q_uniform, min: 0, max: 64, q: 2.0}", new Quantized(new Uniform(0, 64), 2) },
        { "{distribution: normal}", new Normal(0, 1) },
        { "{distribution: log_normal}", new LogNormal(0, 1) },
        { "{distribution: beta}", new Beta(1, 1) },
        { "{distribution: q_beta, q: 0.1}", new Quantized(new Beta(1, 1), 0.1) },
    };

    [Theory]
    [MemberData(nameof(Forms))]
    public void The_distribution_gives_the_type(string text, Distribution expected) =>
        Read($"x: {text}").Parameters.ShouldBe(new ParameterSpace([new Parameter("x", expected)]));

    [Fact]
    public void Any_path_will_do_and_maps_without_a_distribution_group()
    {
        var space = Read("num-layers: {values: [1]}\noptimizer: {lr: {value: 1}, schedule.warm-up: {value: 2}, min: {min: 0, max: 1}}\nwidth: {min: 0, max: 1, when: {num-layers: 1}}").Parameters;

        space.Parameters.Select(p => p.Path).ShouldBe(["num-layers", "optimizer.lr", "optimizer.min", "optimizer.schedule.warm-up", "width"]);
        space.Parameters[^1].When.ShouldBe(new Predicate("`num-layers` == 1"));
    }

    private static SweepSpec Read(string parameters) => Texts.Spec($$"""
        apiVersion: gencluster/v1
        kind: Sweep
        name: program
        trainable: {command: [train]}
        objective: {metric: loss}
        search: {maxTrials: 1}
        parameters:
          {{parameters.ReplaceLineEndings("\n  ")}}
        """);
}
