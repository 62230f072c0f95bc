using GenCluster.Actors.Tests.Support;
using GenCluster.Collectives.Gangs;
using GenCluster.Collectives.Tree;
using GenCluster.Core.Checkpoints;
using GenCluster.Core.Identity;
using GenCluster.Training.Checkpoints;
using GenCluster.Training.Loop;
using GenCluster.Training.Metering;
using GenCluster.Training.Tests.Loop;

namespace GenCluster.Training.Tests.Metering;

public sealed class TrainingMetersTests
{
    private readonly RecordedMetrics metrics = new();

    [Fact]
    public void Every_step_is_recorded_with_its_phases_its_samples_and_the_norms_of_its_gradients()
    {
        Train(new TrainingMeters(metrics), steps: 3);

        metrics["steps_total"].ShouldBe(3);
        metrics["samples_total"].ShouldBe(3 * 2 * ToyTraining.Spec.BatchSize, "the discriminator takes two batches a step");
        foreach (string phase in (string[])["data", "forward", "backward", "allreduce", "optim"])
            metrics[$"step_seconds{{{phase}}}"].ShouldBe(3, phase);
        metrics["allreduce_seconds{solo}"].ShouldBe(9, "three updates a step");
        metrics["allreduce_wait_seconds"].ShouldBe(3);
        metrics["gan_grad_norm{toys,1,g}"].ShouldBeGreaterThan(0);
        metrics["gan_grad_norm{toys,1,d}"].ShouldBeGreaterThan(0);
        metrics["allreduce_in_flight_seconds"].ShouldBe(0);
    }

    [Fact]
    public void What_is_recorded_changes_no_bit_of_the_result() =>
        Train(new TrainingMeters(metrics), steps: 3).ShouldBe(Train(TrainingMeters.None, steps: 3));

    [Fact]
    public void The_clock_of_a_step_allocates_nothing()
    {
        var clock = new StepClock();
        Tick();

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
            Tick();
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);

        void Tick()
        {
            clock.Computes();
            clock.Enter(StepPhase.Forward);
            clock.Enter(StepPhase.Backward);
            clock.Sees(4);
            clock.Waits(1);
            clock.Applies();
            clock.Ends();
            TrainingMeters.None.Step(1, clock, TimeSpan.Zero);
            clock.Clear();
        }
    }

    [Fact]
    public void A_sum_that_is_waited_for_is_in_flight_until_it_is_there_or_never_comes()
    {
        var clock = new StepClock { Meters = new TrainingMeters(metrics) };

        clock.Computes();
        clock.Waits(1);
        metrics["allreduce_in_flight_seconds"].ShouldBeGreaterThan(0);
        clock.Applies();
        metrics["allreduce_in_flight_seconds"].ShouldBe(0);
        clock.Waits(1);
        clock.Breaks();
        metrics["allreduce_in_flight_seconds"].ShouldBe(0);
        clock.SecondsIn(StepPhase.AllReduce).ShouldBe(0, "what broke says nothing");
    }

    [Fact]
    public void A_checkpoint_that_is_damaged_or_cannot_be_stored_is_counted_and_the_failure_goes_on()
    {
        var meters = new TrainingMeters(metrics);

        Should.Throw<CorruptBlobException>(() => meters.Loads(() => throw new CorruptBlobException(new BlobRef("weights", "a", 1), "damaged")));
        Should.Throw<IOException>(() => meters.Stores<int>(() => throw new IOException("full")));
        Should.Throw<OperationCanceledException>(() => meters.Stores<int>(() => throw new OperationCanceledException()));
        meters.Stores(() => 1).ShouldBe(1);

        (metrics["blob_corrupt_total"], metrics["checkpoint_failures_total{corrupt}"], metrics["checkpoint_failures_total{storage}"]).ShouldBe((1, 1, 1));
        metrics["checkpoint_failures_total{other}"].ShouldBe(0, "an abort is no failure");
        (metrics["checkpoint_seconds{load}"], metrics["checkpoint_seconds{store}"]).ShouldBe((1, 3));
    }

    private static string Train(TrainingMeters meters, int steps)
    {
        using var model = ToyTraining.Create(() => new ToyGan());
        using var state = ToyTraining.State(model);
        using var trainer = new Trainer(state, ToyTraining.Spec, new ToyImages());
        trainer.Clock.Meters = meters;
        var gang = new SoloGang(GangPlan.Even(ToyTraining.Spec.Shards, 1, state.Vectors));
        trainer.Join(gang);
        var meter = new StepMeter(meters, new TrialId(new SweepId("toys"), 1), state, trainer.Clock, gang, TimeProvider.System);
        while (state.Step < steps)
            meter.Note(trainer.Step());
        return WeightsFile.Sha256(state);
    }
}
