using FsCheck.Xunit;
using GenCluster.Core.Identity;
using GenCluster.Core.Tests.Support;
using GenCluster.Core.Trials;
using static GenCluster.Core.Tests.Support.Samples;
using static GenCluster.Core.Tests.Support.TrialScenario;

namespace GenCluster.Core.Tests.Trials;

/// <summary>What failures cost a trial, and what people hear of them.</summary>
public sealed class FailureBudgetTests
{
    private static readonly TrialDefinition Patient = Definition with { MaxRestarts = 2 };

    [Theory]
    [InlineData(FailureClass.UserError)]
    [InlineData(FailureClass.NonFinite)]
    public void The_users_restarts_pay_for_what_the_trial_does_itself(FailureClass cause)
    {
        var given = Given(new TrialCreated(Patient)).After(Attempt(1, cause));
        (given.State.Phase, given.State.Restarts, given.State.Delay).ShouldBe((TrialPhase.Pending, 1, TimeSpan.FromSeconds(5)));

        given = given.After(Attempt(2, cause));
        (given.State.Phase, given.State.Restarts, given.State.Delay).ShouldBe((TrialPhase.Pending, 2, TimeSpan.FromSeconds(10)));

        given.After(Attempt(3, cause)).State.Outcome.ShouldBe(new TrialOutcome(
            TrialPhase.Failed, null, null, 0, "", cause, "said 1; failure 3 in a row was: said 3", Anna, 7));
    }

    [Fact]
    public void Progress_gives_no_restart_back()
    {
        var given = Given(new TrialCreated(Patient));
        for (int epoch = 1; epoch <= 2; epoch++)
            given = given.After(new GrantLease([Anna]), new CommitCheckpoint(epoch, Manifest(10 * epoch)), Failure(epoch, FailureClass.UserError));

        given = given.After(new GrantLease([Anna]), new CommitCheckpoint(3, Manifest(30)), Failure(3, FailureClass.UserError));

        given.State.Outcome.ShouldNotBeNull().Message.ShouldBe("said 3", "what came before was mended by progress");
    }

    [Fact]
    public void Lost_preempted_and_broken_machines_take_no_restart()
    {
        var given = Given(new TrialCreated(Patient)).After(
        [
            .. Attempt(1, FailureClass.Lost), .. Attempt(2, FailureClass.Preempted), .. Attempt(3, FailureClass.Hardware), .. Attempt(4, FailureClass.Lost),
        ]);

        given.State.Restarts.ShouldBe(0);
        given.State.HasEnded.ShouldBeFalse();
    }

    [Fact]
    public void Memory_that_is_short_is_tried_once_for_nothing_and_then_takes_restarts()
    {
        var given = Given(new TrialCreated(Patient)).After(Attempt(1, FailureClass.OutOfMemory));
        given.State.Restarts.ShouldBe(0);

        given = given.After([.. Attempt(2, FailureClass.OutOfMemory), .. Attempt(3, FailureClass.OutOfMemory)]);
        given.State.Restarts.ShouldBe(2);
        given.After(Attempt(4, FailureClass.OutOfMemory)).State.Outcome.ShouldNotBeNull().Failure.ShouldBe(FailureClass.OutOfMemory);
    }

    [Theory]
    [InlineData(FailureClass.OutOfMemory)]
    [InlineData(FailureClass.Hardware)]
    public void One_broken_machine_uses_up_no_budget_while_there_are_others(FailureClass cause)
    {
        var given = Given(new TrialCreated(Patient)).After(Attempt(1, cause, elsewhere: true));
        for (int epoch = 2; epoch < FailureBudget.FailuresUntilNoneIsSpared; epoch++)
        {
            given = given.After(Attempt(epoch, cause, elsewhere: true));
            given.State.StallsBy(cause).ShouldBe(1);
            given.State.IsStuck.ShouldBeFalse();
        }

        given.After([new GrantLease([Ben]), new EndLease(given.State.Epoch + 1, cause, "ben too", Ben, 7, Elsewhere: true)])
            .State.StallsBy(cause).ShouldBe(2);
    }

    [Fact]
    public void A_machine_that_is_the_only_one_counts_each_time()
    {
        var given = Given(new TrialCreated(Definition)).After(
            [.. Attempt(1, FailureClass.Hardware), .. Attempt(2, FailureClass.Hardware), .. Attempt(3, FailureClass.Hardware)]);

        given.State.IsStuck.ShouldBeTrue();
    }

    [Fact]
    public void In_the_end_every_failure_counts()
    {
        var given = Given(new TrialCreated(Definition));
        int attempts = 0;
        while (!given.State.HasEnded)
            given = given.After(Attempt(++attempts, FailureClass.OutOfMemory, elsewhere: true));

        attempts.ShouldBe(FailureBudget.FailuresUntilNoneIsSpared + 1);
    }

    [Fact]
    public void Each_failure_in_a_row_waits_twice_as_long_and_the_first_not_at_all()
    {
        var given = Given(new TrialCreated(Definition));
        List<double> waits = [];
        for (int epoch = 1; epoch <= 10; epoch++)
        {
            given = given.After(Attempt(epoch, FailureClass.Hardware, elsewhere: true));
            waits.Add(given.State.Delay.TotalSeconds);
        }

        waits.ShouldBe([0, 0.5, 1, 2, 4, 8, 16, 30, 30, 30]);
        given.After(new GrantLease([Anna])).State.Delay.ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public void A_preemption_is_tried_again_at_once() =>
        Given(new TrialCreated(Definition)).After([.. Attempt(1, FailureClass.Lost), .. Attempt(2, FailureClass.Preempted)]).State.Delay.ShouldBe(TimeSpan.Zero);

    [Fact]
    public void Members_that_fail_one_after_the_other_take_a_restart_and_the_trial_waits()
    {
        var given = Given(new TrialCreated(Patient), new LeaseGranted(1, [Anna, Ben]))
            .After(new ChangeGang(1, [Ben], FailureClass.OutOfMemory, "anna: too little memory", 5, Anna));

        given.When(new ChangeGang(2, [Ben], FailureClass.OutOfMemory, "carl: too little memory", 5, new WorkerId("carl")))
            .Then(new LeaseEnded(2, FailureClass.OutOfMemory, "carl: too little memory", new WorkerId("carl"), TimeSpan.FromSeconds(5), TakesRestart: true));
    }

    [Theory]
    [InlineData(2, "exit code 1; and the same again")]
    [InlineData(4, "exit code 1; 4 times in a row")]
    public void The_same_failure_is_told_once(int times, string story)
    {
        var given = Given(new TrialCreated(Definition with { MaxRestarts = times - 1 }));
        for (int epoch = 1; epoch <= times; epoch++)
            given = given.After(new GrantLease([Anna]), new EndLease(epoch, FailureClass.UserError, "exit code 1", Anna));

        given.State.Outcome.ShouldNotBeNull().Message.ShouldBe(story);
        given.State.Outcome.FailedAt.ShouldBeNull();
    }

    [Fact]
    public void Journals_of_an_earlier_release_replay_as_they_did()
    {
        var state = Given(new TrialCreated(Definition), new LeaseGranted(1, [Anna]), new LeaseEnded(1, FailureClass.Hardware, "full")).State;

        (state.Phase, state.StallsBy(FailureClass.Hardware), state.Restarts, state.Delay, state.Struck.Length).ShouldBe((TrialPhase.Pending, 1, 0, TimeSpan.Zero, 0));
    }

    [Property(MaxTest = 300)]
    public void Every_trial_comes_to_an_end_or_waits_for_a_person(int seed)
    {
        var random = new Random(seed);
        FailureClass[] causes = [.. Enum.GetValues<FailureClass>().Where(c => c is not FailureClass.Preempted)];
        var given = Given(new TrialCreated(Definition with { MaxRestarts = random.Next(4) }));
        for (int epoch = 1; epoch < 60 && !given.State.HasEnded && !given.State.IsStuck; epoch++)
            given = given.After(new GrantLease([Anna]), new EndLease(epoch, causes[random.Next(causes.Length)], "", random.Next(2) == 0 ? Anna : Ben, 0, Elsewhere: true));

        (given.State.HasEnded || given.State.IsStuck).ShouldBeTrue($"seed {seed}");
    }

    private static EndLease Failure(int epoch, FailureClass cause, bool elsewhere = false) => new(epoch, cause, $"said {epoch}", Anna, Step: 7, elsewhere);

    private static ITrialCommand[] Attempt(int epoch, FailureClass cause, bool elsewhere = false) => [new GrantLease([Anna]), Failure(epoch, cause, elsewhere)];
}
