using GenCluster.Core.Sweeps;
using GenCluster.Worker.Programs;
using GenCluster.Worker.Tests.Support;

namespace GenCluster.Worker.Tests.Programs;

public sealed class ProgramEnvironmentTests
{
    private static readonly Dictionary<string, string> Worker = new()
    {
        ["PATH"] = "/bin",
        ["HOME"] = "/root",
        ["LC_ALL"] = "C",
        ["CUDA_VISIBLE_DEVICES"] = "3",
        ["PYTHONPATH"] = "/lib",
        ["EXPERIMENT"] = "seven",
        ["AWS_SECRET_ACCESS_KEY"] = "secret",
        ["GENCLUSTER_CHECKPOINTS"] = "s3://bucket",
        ["HF_TOKEN"] = "secret",
        ["DB_PASSWORD"] = "secret",
    };

    [Fact]
    public void Of_the_worker_s_own_environment_a_program_sees_what_programs_need_and_no_more() =>
        Of(new CommandSpec(["x"])).Keys.Intersect(Worker.Keys).ShouldBe(["PATH", "HOME", "LC_ALL", "CUDA_VISIBLE_DEVICES", "PYTHONPATH"], ignoreOrder: true);

    [Fact]
    public void A_member_of_a_gang_is_told_what_torchrun_tells()
    {
        var environment = Of(new CommandSpec(["x"]), member: 1, of: 2);

        var told = environment.Where(pair => pair.Key is "RANK" or "WORLD_SIZE" or "MASTER_ADDR" or "MASTER_PORT" || pair.Key.StartsWith("LOCAL_", StringComparison.Ordinal)
            || pair.Key.StartsWith("GROUP_", StringComparison.Ordinal) || pair.Key.StartsWith("TORCHELASTIC_", StringComparison.Ordinal));
        told.Select(pair => $"{pair.Key}={pair.Value}").Order(StringComparer.Ordinal).ShouldBe(
        [
            "GROUP_RANK=1", "GROUP_WORLD_SIZE=2", "LOCAL_RANK=0", "LOCAL_WORLD_SIZE=1", "MASTER_ADDR=10.0.0.1", "MASTER_PORT=12345", "RANK=1",
            "TORCHELASTIC_MAX_RESTARTS=0", "TORCHELASTIC_RESTART_COUNT=2", "TORCHELASTIC_RUN_ID=toy.7", "WORLD_SIZE=2",
        ]);
    }

    [Fact]
    public void The_trial_is_told_who_it_is_and_where_it_may_write()
    {
        var environment = Of(new CommandSpec(["x"]));

        environment["GENCLUSTER_SWEEP"].ShouldBe("toy");
        environment["GENCLUSTER_TRIAL"].ShouldBe("7");
        environment["GENCLUSTER_ATTEMPT"].ShouldBe("3");
        environment["GENCLUSTER_STEP"].ShouldBe("4");
        environment["GENCLUSTER_TRIAL_DIR"].ShouldBe("/runs/toy/trials/0007/work");
        environment["GENCLUSTER_CHECKPOINT_DIR"].ShouldBe("/runs/toy/trials/0007/attempts/0003-0/checkpoint");
        environment["GENCLUSTER_METRICS_FILE"].ShouldBe("/runs/metrics.jsonl");
        environment.ShouldNotContainKey("GENCLUSTER_METRICS_URL");
        environment.ShouldNotContainKey("WANDB_MODE");
    }

    [Fact]
    public void W_and_B_is_kept_offline_where_its_history_is_read()
    {
        var environment = Of(new CommandSpec(["x"], Metrics: MetricsSource.Wandb));

        environment["WANDB_MODE"].ShouldBe("offline");
        environment["WANDB_DIR"].ShouldBe("/runs/toy/trials/0007/attempts/0003-0/wandb");
    }

    [Fact]
    public void The_sweep_has_the_last_word()
    {
        var environment = Of(new CommandSpec(["x"], Environment: [new("PATH", "/opt"), new("RANK", "9"), new("MY_TOKEN", "given")]));

        environment["PATH"].ShouldBe("/opt");
        environment["RANK"].ShouldBe("9");
        environment["MY_TOKEN"].ShouldBe("given");
    }

    [Theory]
    [InlineData("RANK", "0")]
    [InlineData("EXPERIMENT", "seven")]
    [InlineData("NOTHING", null)]
    [InlineData("AWS_SECRET_ACCESS_KEY", null)]
    [InlineData("GENCLUSTER_CHECKPOINTS", null)]
    [InlineData("HF_TOKEN", null)]
    [InlineData("DB_PASSWORD", null)]
    public void A_macro_gets_no_secret_of_the_worker(string name, string? value) =>
        ProgramEnvironment.Variable(name, Of(new CommandSpec(["x"])), Worker).ShouldBe(value);

    private static Dictionary<string, string> Of(CommandSpec command, int member = 0, int of = 1)
    {
        var order = ProgramBench.Order(command, epoch: 3, member: member, members: of, trial: 7);
        return ProgramEnvironment.Of(Worker, order, ProgramFolders.Of("/runs", order), 12345, 4, "/runs/metrics.jsonl", null);
    }
}
