using FsCheck.Xunit;
using GenCluster.Core.Checkpoints;
using GenCluster.Core.Identity;
using GenCluster.Core.Tests.Support;
using GenCluster.Core.Trials;
using static GenCluster.Core.Tests.Support.Samples;

namespace GenCluster.Core.Tests.Trials;

/// <summary>What holds after any commands in any order.</summary>
public sealed class TrialDeciderPropertyTests
{
    private const int Commands = 80;
    private const int Restarts = 3;

    [Property(MaxTest = 300)]
    public void Replay_of_the_journal_gives_the_state_that_was_kept(int seed)
    {
        var (journal, states) = Live(seed);

        for (int i = 0; i < states.Count; i += 13)
            Snapshot.Of(TrialScenario.Given([.. journal.Take(states[i].Events)]).State).ShouldBe(Snapshot.Of(states[i].State));
        Snapshot.Of(TrialScenario.Given([.. journal]).State).ShouldBe(Snapshot.Of(states[^1].State));
    }

    [Property(MaxTest = 300)]
    public void A_trial_ends_at_most_once_and_is_silent_from_then_on(int seed)
    {
        var (journal, _) = Live(seed);
        journal.RemoveAll(e => e is CheckpointPinned or CheckpointReleased); // others may need its checkpoints still

        journal.FindIndex(e => e is TrialConcluded).ShouldBeOneOf(-1, journal.Count - 1);
    }

    [Property(MaxTest = 300)]
    public void Epochs_rise_by_one_and_every_event_carries_the_newest(int seed)
    {
        var (journal, _) = Live(seed);
        long epoch = 0;

        foreach (var @event in journal)
        {
            if (@event is LeaseGranted or GangChanged)
                epoch++;
            (@event switch
            {
                LeaseGranted e => e.Epoch,
                GangChanged e => e.Epoch,
                LeaseEnded e => e.Epoch,
                MetricsReported e => e.Epoch,
                CheckpointCommitted e => e.Epoch,
                TrialConcluded e => e.Epoch,
                _ => epoch,
            }).ShouldBe(epoch);
        }
    }

    [Property(MaxTest = 300)]
    public void Every_state_makes_sense(int seed)
    {
        foreach (var (state, _) in Live(seed).States)
        {
            state.Gang.IsEmpty.ShouldBe(state.Phase is not TrialPhase.Running, "a gang runs, and only a gang");
            state.HasEnded.ShouldBe(state.Phase is not (TrialPhase.Pending or TrialPhase.Running));
            state.Checkpoints.Length.ShouldBeLessThanOrEqualTo(Retention.Newest + 1);
            state.Checkpoints.Select(c => c.Step).ShouldBe(state.Checkpoints.Select(c => c.Step).Distinct().OrderDescending());
            state.Fence.ShouldBeLessThanOrEqualTo(state.Epoch);
            state.StallsBy(FailureClass.Lost).ShouldBeLessThan(FailureBudget.LossesUntilPoison);
            state.StallsBy(FailureClass.OutOfMemory).ShouldBeLessThan(FailureBudget.MemoryFailuresUntilFailed + Restarts);
            state.Restarts.ShouldBeInRange(0, Restarts);
            state.Delay.ShouldBeInRange(TimeSpan.Zero, TimeSpan.FromMinutes(5));
            (state.FailuresInARow == 0).ShouldBe(state.Stalls.IsEmpty && state.Struck.IsEmpty, "who is forgiven is forgiven all");
        }
    }

    [Property(MaxTest = 300)]
    public void At_no_time_two_leases_are_in_force(int seed)
    {
        foreach (var (state, _) in Live(seed).States)
        {
            long[] accepted = [.. Enumerable.Range(0, (int)state.Epoch + 3).Select(e => (long)e)
                .Where(e => state.Definition is not null && !TrialDecider.Decide(state, new ReportMetrics(e, Report(7, 7))).IsRefused)];

            accepted.ShouldBe(state.Phase is TrialPhase.Running ? [state.Epoch] : []);
        }
    }

    [Property(MaxTest = 300)]
    public void What_was_committed_is_never_lost(int seed)
    {
        var (journal, states) = Live(seed);
        int[] reported = [.. journal.OfType<MetricsReported>().Select(e => e.Report.Step)];

        states[^1].State.Reports.Keys.ShouldBe(reported.Order());
        if (journal.OfType<CheckpointCommitted>().LastOrDefault() is { } newest)
            states[^1].State.Checkpoints[0].ShouldBe(newest.Manifest);
        foreach (var (state, _) in states.Where(s => s.State.Outcome?.Phase is TrialPhase.Succeeded))
            states[^1].State.Outcome.ShouldBe(state.Outcome);
    }

    [Property(MaxTest = 100)]
    public void A_repeated_command_is_decided_the_same(int seed)
    {
        var random = new Random(seed);
        var state = Live(seed).States[^1].State;

        for (int i = 0; i < 20; i++)
        {
            var command = AnyCommand(random, state);
            TrialDecider.Decide(state, command).InAWord().ShouldBe(TrialDecider.Decide(state, command).InAWord());
        }
    }

    private static (List<ITrialEvent> Journal, List<(TrialState State, int Events)> States) Live(int seed)
    {
        var random = new Random(seed);
        var state = TrialState.New(Trial);
        List<ITrialEvent> journal = [];
        List<(TrialState, int)> states = [(state, 0)];

        for (int i = 0; i < Commands; i++)
        {
            foreach (var @event in TrialDecider.Decide(state, AnyCommand(random, state)).Events)
            {
                state = TrialDecider.Apply(state, @event);
                journal.Add(@event);
            }

            states.Add((state, journal.Count));
        }

        return (journal, states);
    }

    private static ITrialCommand AnyCommand(Random random, TrialState state)
    {
        long epoch = random.Next(6) switch { 0 => state.Epoch - 1, 1 => state.Epoch + 1, _ => state.Epoch };
        int step = random.Next(5) * 10;
        return random.Next(24) switch
        {
            0 => new CreateTrial(Definition with { Model = "dcgan", MaxRestarts = Restarts }),
            < 4 => new CreateTrial(Definition),
            < 10 => new GrantLease(random.Next(2) == 0 ? [Anna] : [Ben, Anna]),
            < 12 => new ChangeGang(epoch, random.Next(2) == 0 ? [Anna] : [Anna, Ben], random.Next(2) == 0 ? null : AnyFailure(random), "", random.Next(40), Anna),
            < 14 => new ReportMetrics(epoch, Report(step, random.Next(10) == 0 ? double.NaN : step)),
            < 18 => new CommitCheckpoint(epoch, Manifest(step, random.Next(2) == 0 ? "a" : "b")),
            18 => new CompleteTrial(epoch, 30, random.Next(2) == 0 ? "f00d" : "beef"),
            19 when random.Next(2) == 0 => random.Next(3) == 0 ? new ReleaseCheckpoint("trial-2") : new PinCheckpoint("trial-2", step),
            19 => random.Next(4) == 0 ? new CancelTrial("not wanted") : new ForgiveStalls(),
            _ => new EndLease(epoch, AnyFailure(random), "", random.Next(3) switch { 0 => Anna, 1 => Ben, _ => null }, step, random.Next(2) == 0),
        };
    }

    private static FailureClass AnyFailure(Random random) => random.Next(20) switch
    {
        0 => FailureClass.UserError,
        1 => FailureClass.NonFinite,
        < 6 => FailureClass.OutOfMemory,
        < 11 => FailureClass.Lost,
        < 15 => FailureClass.Preempted,
        _ => FailureClass.Hardware,
    };
}
