using FsCheck.Xunit;
using GenCluster.Core.Checkpoints;
using GenCluster.Core.Identity;
using GenCluster.Core.Tests.Support;
using GenCluster.Core.Trials;
using static GenCluster.Core.Tests.Support.Samples;

namespace GenCluster.Core.Tests.Checkpoints;

/// <summary>What holds for collectors whatever happens around them.</summary>
public sealed class CheckpointCollectorTests
{
    private const int Steps = 120;

    [Property(MaxTest = 2_000)]
    public void No_blob_that_a_live_checkpoint_names_is_ever_removed(int seed)
    {
        var life = new CheckpointLife(new Random(seed));
        for (int i = 0; i < Steps; i++)
        {
            life.AnyStep();
            life.Fault.ShouldBeNull($"seed {seed}, step {i}");
        }
    }

    [Property(MaxTest = 300)]
    public void All_garbage_goes_in_the_end(int seed)
    {
        var life = new CheckpointLife(new Random(seed));
        for (int i = 0; i < Steps; i++)
            life.AnyStep();

        life.ComeToRest();

        life.Garbage.ShouldBeEmpty();
        life.Fault.ShouldBeNull();
    }

    [Theory]
    [InlineData(Flaw.OneSpace)]
    [InlineData(Flaw.NoFence)]
    [InlineData(Flaw.PendingForgotten)]
    [InlineData(Flaw.LateAnswers)]
    [InlineData(Flaw.AnswersCount)]
    [InlineData(Flaw.PinsForgotten)]
    public void A_planted_mistake_is_found(Flaw flaw) => Enumerable.Range(0, 3_000).Any(seed => Fails(seed, flaw)).ShouldBeTrue($"{flaw} was not found");

    [Fact]
    public void The_test_really_commits_and_removes()
    {
        var lives = Enumerable.Range(0, 50).Select(seed =>
        {
            var life = new CheckpointLife(new Random(seed));
            for (int i = 0; i < Steps; i++)
                life.AnyStep();
            return life;
        }).ToList();

        lives.Average(life => life.Commits).ShouldBeGreaterThan(1.5);
        lives.Average(life => life.Removals).ShouldBeGreaterThan(2);
    }

    [Fact]
    public void A_view_of_the_journal_spares_what_the_leader_in_force_may_still_commit()
    {
        var state = Running(Granted(1, Anna), new GangChanged(2, [Ben, Anna], null, "", 0), new GangChanged(3, [Ben], null, "", 0));

        var view = CollectorView.OfJournal(state);

        state.Fence.ShouldBe(2, "Ben leads since then");
        view.IsGarbage(Key(1)).ShouldBeTrue();
        view.IsGarbage(Key(2)).ShouldBeFalse();
        view.IsGarbage(Key(3)).ShouldBeFalse();
    }

    [Fact]
    public void Where_no_lease_is_in_force_everything_unnamed_is_garbage_up_to_the_last_epoch()
    {
        var manifest = new CheckpointManifest(10, [new BlobRef("weights", Hash, 1, 1)], "cpu");
        var state = Running(Granted(1, Anna), new CheckpointCommitted(1, manifest), new GangChanged(2, [Ben], null, "", 0), new LeaseEnded(2, FailureClass.Lost, ""));

        var view = CollectorView.OfJournal(state);

        view.IsGarbage(Key(1)).ShouldBeFalse("it is named");
        view.IsGarbage(Key(2)).ShouldBeTrue();
        view.IsGarbage(Key(3)).ShouldBeFalse("the next leader may be putting it");
    }

    [Fact]
    public void A_checkpoint_that_was_put_before_others_led_is_not_taken_into_the_journal()
    {
        var state = Running(Granted(1, Anna), new GangChanged(2, [Ben], null, "", 0), new GangChanged(3, [Anna], null, "", 0));

        TrialDecider.Decide(state, new CommitCheckpoint(3, ManifestIn(1))).ThenNothing();
        TrialDecider.Decide(state, new CommitCheckpoint(3, ManifestIn(3))).Events.ShouldBe([new CheckpointCommitted(3, ManifestIn(3))]);
    }

    [Fact]
    public void A_checkpoint_that_the_same_leader_put_before_the_gang_changed_is()
    {
        var state = Running(Granted(1, Anna), new GangChanged(2, [Anna, Ben], null, "", 0));

        TrialDecider.Decide(state, new CommitCheckpoint(2, ManifestIn(1))).Events.ShouldBe([new CheckpointCommitted(2, ManifestIn(1))]);
    }

    private static string Hash => new('a', 64);

    private static bool Fails(int seed, Flaw flaw)
    {
        var life = new CheckpointLife(new Random(seed), flaw);
        for (int i = 0; i < Steps; i++)
        {
            life.AnyStep();
            if (life.Fault is not null)
                return true;
        }

        return false;
    }

    private static LeaseGranted Granted(long epoch, WorkerId leader) => new(epoch, [leader]);

    private static CheckpointManifest ManifestIn(long space) => new(10, [new BlobRef("weights", Hash, 1, space)], "cpu");

    private static BlobKey Key(long space) => new(space, Hash);

    private static TrialState Running(params ITrialEvent[] events) => TrialScenario.Given([new TrialCreated(Definition), .. events]).State;
}
