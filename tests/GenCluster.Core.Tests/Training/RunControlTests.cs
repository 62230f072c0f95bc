using GenCluster.Core.Checkpoints;
using GenCluster.Core.Training;
using static GenCluster.Core.Tests.Support.Samples;

namespace GenCluster.Core.Tests.Training;

public sealed class RunControlTests
{
    [Fact]
    public void A_run_goes_on_until_somebody_asks()
    {
        using var control = new RunControl();

        (control.DrainRequested, control.Aborted.IsCancellationRequested).ShouldBe((false, false));
        control.TakeKept().ShouldBeNull();
    }

    [Fact]
    public void To_drain_is_not_to_abort()
    {
        using var control = new RunControl();

        control.Drain();

        (control.DrainRequested, control.Aborted.IsCancellationRequested).ShouldBe((true, false));
    }

    [Fact]
    public void An_abort_cancels_what_waits()
    {
        using var control = new RunControl();
        bool heard = false;
        using var registration = control.Aborted.Register(() => heard = true);

        control.Abort();

        (control.DrainRequested, heard).ShouldBe((false, true));
    }

    [Fact]
    public void Kept_checkpoints_are_taken_once_and_the_newest_word_counts()
    {
        using var control = new RunControl();
        CheckpointManifest[] older = [Manifest(10)], newer = [Manifest(20), Manifest(10)];

        control.Keep(older);
        control.Keep(newer);

        control.TakeKept().ShouldBeSameAs(newer);
        control.TakeKept().ShouldBeNull();
        control.Keep(older);
        control.TakeKept().ShouldBeSameAs(older);
    }
}
