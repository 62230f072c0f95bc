using GenCluster.Cli.Workers;

namespace GenCluster.Cli.Tests.Workers;

public sealed class GpuShareTests
{
    [Fact]
    public void Every_worker_gets_a_GPU_of_its_own_as_long_as_there_are_enough() =>
        Enumerable.Range(1, 3).Select(worker => GpuShare.Of(worker, ["0", "1", "2", "3"])).ShouldBe(["0", "1", "2"]);

    [Fact]
    public void More_workers_than_GPUs_share_them_in_turn() =>
        Enumerable.Range(1, 5).Select(worker => GpuShare.Of(worker, ["4", "GPU-7f"])).ShouldBe(["4", "GPU-7f", "4", "GPU-7f", "4"]);

    [Fact]
    public void Without_GPUs_nobody_gets_one() => GpuShare.Of(1, []).ShouldBeNull();
}
