using GenCluster.Training.Tests.Loop;
using GenCluster.Training.Tracing;

namespace GenCluster.Training.Tests.Tracing;

public sealed class TrainingTraceTests
{
    [Fact]
    public void Names_the_phases_of_an_update_in_their_order()
    {
        var heard = new List<string>();
        using (new PhaseListener(heard.Add))
            ToyTraining.Alone(() => new ToyGan(), steps: 1);

        string[] shard = [TrainingTrace.Data, TrainingTrace.Forward, TrainingTrace.Backward];
        string[] update = [.. Enumerable.Repeat(shard, ToyTraining.Spec.Shards).SelectMany(phases => phases), TrainingTrace.Reduce, TrainingTrace.Apply];
        heard.Take(update.Length).ShouldBe(update);
        heard.Count.ShouldBe(3 * update.Length); // the critic twice, then the generator
    }

    [Fact]
    public async Task Tells_how_a_bucket_goes_through_a_gang()
    {
        var heard = new List<string>();
        using (new PhaseListener(phase =>
        {
            lock (heard)
                heard.Add(phase);
        }))
            await ToyTraining.InGang(() => new ToyGan(), members: 2, steps: 1);

        heard.ShouldContain("part");
        heard.Count(phase => phase == "send").ShouldBe(heard.Count(phase => phase == "sum"));
        heard.IndexOf("send").ShouldBeLessThan(heard.IndexOf("sum"));
    }

    [Fact]
    public void Costs_no_memory_where_nobody_listens()
    {
        TrainingTrace.Log.Phase(0, 0, TrainingTrace.Forward);
        long before = GC.GetAllocatedBytesForCurrentThread();

        for (int step = 0; step < 1000; step++)
        {
            TrainingTrace.Log.Phase(step, 0, TrainingTrace.Forward);
            TrainingTrace.Log.Step(step);
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }
}
