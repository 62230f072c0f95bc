using GenCluster.Core.Sweeps;

namespace GenCluster.Core.Tests.Sweeps;

public sealed class TrainingSpecTests
{
    private static readonly TrainingSpec Plain = new(Steps: 40, BatchSize: 8, Shards: 2, EvaluateEvery: 10, CheckpointEvery: 10, Seed: 7, Threads: 1);

    [Fact]
    public void Says_nothing_about_the_exchange_by_default()
    {
        Plain.ShouldBe(new TrainingSpec(40, 8, 2, 10, 10, 7, 1, 1, null, null, null, Overlap.Auto, Precision.Float32));
        new ResourceSpec(1, 2, "cpu").ShouldBe(new ResourceSpec(1, 2, "cpu", Rebalance.None, Transport.Auto));
    }

    [Fact]
    public void An_old_journal_without_a_count_of_batches_means_one()
    {
        new TrainingSpec(40, 8, 2, 10, 10, 7, 1, Accumulate: 0).ShouldBe(Plain);
    }

    [Fact]
    public void An_old_journal_without_a_project_means_the_default_one()
    {
        new ResourceSpec(1, 2, "cpu", Project: null!).ShouldBe(new ResourceSpec(1, 2, "cpu", Rebalance.None, Transport.Auto, 0, "default", 0, 0, false));
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(8, false)]
    [InlineData(16, true)]
    [InlineData(32, true)]
    [InlineData(40, true)]
    public void Rounds_of_local_training_end_after_so_many_steps_and_with_the_trial(int step, bool ends)
    {
        new DilocoSpec(LocalSteps: 16, 0.7, 0.9).IsRoundEnd(step, Plain.Steps).ShouldBe(ends);
    }

    [Theory]
    [InlineData(typeof(Compression), "Bf16 Int8 TopK")]
    [InlineData(typeof(Overlap), "Auto On Off")]
    [InlineData(typeof(Precision), "Float32 Bf16")]
    [InlineData(typeof(Rebalance), "None Auto")]
    [InlineData(typeof(Transport), "Auto SharedMemory Unix Tcp")]
    public void Numbers_of_a_choice_are_never_reused(Type type, string names)
    {
        Enum.GetNames(type).ShouldBe(names.Split(' '));
        Enum.GetValuesAsUnderlyingType(type).Cast<int>().ShouldBe(Enumerable.Range(0, names.Split(' ').Length));
    }
}
