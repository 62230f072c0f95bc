using FsCheck.Xunit;
using GenCluster.Core.Identity;
using GenCluster.Core.Trials;
using GenCluster.Core.Workers;
using static GenCluster.Core.Tests.Support.Samples;

namespace GenCluster.Core.Tests.Workers;

/// <summary>Times are seconds of the caller's clock; here a worker is set aside for ten of them at first.</summary>
public sealed class WorkerBreakerTests
{
    private static readonly BreakerOptions Options =
        new(DistinctTrials: 3, InARow: 5, Seconds(10), MaxCoolDown: Seconds(60), ServiceTime: Seconds(100), ForgetTime: Seconds(1000));

    private readonly WorkerBreaker breaker = new(Options);

    [Fact]
    public void A_worker_that_nothing_is_known_of_is_fit()
    {
        breaker.FitnessOf(Anna, Seconds(0)).ShouldBe(WorkerFitness.Fit);
        breaker.Of(Anna, Seconds(0)).ShouldBeNull();
    }

    [Fact]
    public void Failures_of_several_trials_set_it_aside_and_a_word_of_it_is_kept()
    {
        Fail(Anna, 1, at: 0).ShouldBeFalse();
        Fail(Anna, 2, at: 1).ShouldBeFalse();
        Fail(Anna, 3, at: 2, FailureClass.OutOfMemory).ShouldBeTrue();

        breaker.FitnessOf(Anna, Seconds(3)).ShouldBe(WorkerFitness.Closed);
        breaker.Of(Anna, Seconds(4)).ShouldBe(new WorkerSetAside(3, FailureClass.OutOfMemory, Seconds(8)));
        breaker.FitnessOf(Ben, Seconds(3)).ShouldBe(WorkerFitness.Fit);
    }

    [Fact]
    public void One_trial_alone_sets_it_aside_only_after_a_long_row()
    {
        for (int i = 0; i < 4; i++)
            Fail(Anna, 1, at: i).ShouldBeFalse();

        Fail(Anna, 1, at: 4).ShouldBeTrue();
    }

    [Fact]
    public void A_trial_that_fails_everywhere_is_not_held_against_the_workers()
    {
        foreach (int trial in new[] { 1, 2, 3, 4 })
        {
            Fail(Anna, trial, at: trial).ShouldBeFalse();
            Fail(Ben, trial, at: trial).ShouldBeFalse();
        }
    }

    [Fact]
    public void A_row_of_failures_counts_even_when_the_trials_are_to_blame()
    {
        for (int trial = 1; trial <= 4; trial++)
        {
            Fail(Ben, trial, at: trial);
            Fail(Anna, trial, at: trial);
        }

        Fail(Anna, 5, at: 5).ShouldBeTrue();
    }

    [Theory]
    [InlineData(FailureClass.UserError)]
    [InlineData(FailureClass.NonFinite)]
    [InlineData(FailureClass.Preempted)]
    public void What_is_never_the_machines_fault_does_not_count(FailureClass cause)
    {
        for (int trial = 1; trial < 20; trial++)
            Fail(Anna, trial, at: trial, cause).ShouldBeFalse();

        breaker.FitnessOf(Anna, Seconds(20)).ShouldBe(WorkerFitness.Fit);
    }

    [Fact]
    public void Served_trials_in_between_start_the_count_anew()
    {
        for (int trial = 1; trial < 10; trial++)
        {
            Fail(Anna, 100 + trial, at: 2 * trial).ShouldBeFalse();
            Fail(Anna, 200 + trial, at: 2 * trial).ShouldBeFalse();
            breaker.Placed(Anna, TrialOf(trial), Seconds((2 * trial) + 1));
            breaker.Served(Anna, TrialOf(trial));
        }
    }

    [Fact]
    public void Long_work_is_service_too()
    {
        Fail(Anna, 1, at: 0);
        Fail(Anna, 2, at: 0);

        Fail(Anna, 3, at: 101, placedAt: 0).ShouldBeFalse();
        Fail(Anna, 4, at: 102).ShouldBeFalse("the count began anew");
        Fail(Anna, 5, at: 103).ShouldBeTrue();
    }

    [Fact]
    public void After_a_while_one_trial_is_tried_and_its_success_ends_the_matter()
    {
        Open(Anna, at: 0);
        breaker.FitnessOf(Anna, Seconds(9)).ShouldBe(WorkerFitness.Closed);
        breaker.FitnessOf(Anna, Seconds(10)).ShouldBe(WorkerFitness.Probe);

        breaker.Placed(Anna, TrialOf(7), Seconds(11));
        breaker.FitnessOf(Anna, Seconds(12)).ShouldBe(WorkerFitness.Closed, "one trial only");
        breaker.Of(Anna, Seconds(12)).ShouldNotBeNull().Remaining.ShouldBe(TimeSpan.Zero);

        breaker.Served(Anna, TrialOf(8));
        breaker.FitnessOf(Anna, Seconds(12)).ShouldBe(WorkerFitness.Closed, "that was another trial");
        breaker.Served(Anna, TrialOf(7));
        breaker.FitnessOf(Anna, Seconds(12)).ShouldBe(WorkerFitness.Fit);
        Fail(Anna, 9, at: 13).ShouldBeFalse();
    }

    [Fact]
    public void A_probe_that_says_nothing_is_repeated_and_one_that_lasts_has_served()
    {
        Open(Anna, at: 0);
        breaker.Placed(Anna, TrialOf(7), Seconds(10));
        breaker.Relieved(Anna, TrialOf(7), Seconds(11));
        breaker.FitnessOf(Anna, Seconds(11)).ShouldBe(WorkerFitness.Probe);

        breaker.Placed(Anna, TrialOf(8), Seconds(12));
        breaker.FitnessOf(Anna, Seconds(112)).ShouldBe(WorkerFitness.Fit);
        breaker.Relieved(Anna, TrialOf(8), Seconds(112));
        breaker.FitnessOf(Anna, Seconds(113)).ShouldBe(WorkerFitness.Fit);
    }

    [Fact]
    public void Each_failed_probe_doubles_the_time_up_to_a_limit()
    {
        Open(Anna, at: 0);
        double at = 10;
        foreach (int pause in new[] { 20, 40, 60, 60 })
        {
            Fail(Anna, 1, at).ShouldBeTrue();
            breaker.FitnessOf(Anna, Seconds(at + pause - 1)).ShouldBe(WorkerFitness.Closed);
            breaker.FitnessOf(Anna, Seconds(at += pause)).ShouldBe(WorkerFitness.Probe);
        }
    }

    [Fact]
    public void What_fails_while_it_is_set_aside_already_does_not_prolong_it()
    {
        Open(Anna, at: 0);

        breaker.Failed(Anna, TrialOf(4), FailureClass.Lost, Seconds(5)).ShouldBeFalse();
        breaker.FitnessOf(Anna, Seconds(10)).ShouldBe(WorkerFitness.Probe);
    }

    [Fact]
    public void A_worker_that_is_gone_for_long_begins_anew()
    {
        Fail(Anna, 1, at: 0);
        Fail(Anna, 2, at: 0);
        Fail(Ben, 3, at: 1000);

        Fail(Anna, 4, at: 1001).ShouldBeFalse();
    }

    [Fact]
    public void A_trial_that_has_ended_is_forgotten()
    {
        Fail(Ben, 1, at: 0);
        breaker.Ended(TrialOf(1));

        Fail(Anna, 1, at: 1).ShouldBeFalse();
        Fail(Anna, 2, at: 2).ShouldBeFalse();
        Fail(Anna, 3, at: 3).ShouldBeTrue("ben no longer speaks for it");
    }

    [Property(MaxTest = 200)]
    public void A_burnt_machine_costs_a_few_attempts_and_not_the_sweep(int seed)
    {
        var random = new Random(seed);
        var hours = new WorkerBreaker(BreakerOptions.Default);
        var free = new[] { TimeSpan.Zero, TimeSpan.Zero }; // anna fails at once whatever she is given; ben takes a while
        int burnt = 0;
        var now = TimeSpan.Zero;
        for (int trial = 1; trial <= 500;)
        {
            bool anna = now >= free[0] && hours.FitnessOf(Anna, now) is not WorkerFitness.Closed;
            if (anna)
            {
                hours.Placed(Anna, TrialOf(trial), now);
                free[0] = now + Seconds(1 + random.NextDouble());
                hours.Failed(Anna, TrialOf(trial++), FailureClass.OutOfMemory, free[0]);
                burnt++;
            }
            else if (now >= free[1])
            {
                free[1] = now + Seconds(60 + random.Next(60));
                hours.Placed(Ben, TrialOf(trial), now);
                hours.Served(Ben, TrialOf(trial++));
            }

            now += Seconds(1);
        }

        burnt.ShouldBeLessThan(70, $"seed {seed}: a probe each quarter of an hour, at most");
    }

    [Property(MaxTest = 300)]
    public void Nobody_is_set_aside_without_failures_and_nobody_for_ever(int seed)
    {
        var random = new Random(seed);
        var breaker = new WorkerBreaker(Options);
        WorkerId[] workers = [Anna, Ben, new("carl")];
        var row = workers.ToDictionary(w => w, _ => 0);
        var now = TimeSpan.Zero;
        for (int i = 0; i < 200; i++)
        {
            now += Seconds(random.Next(30));
            var worker = workers[random.Next(workers.Length)];
            var trial = TrialOf(random.Next(1, 6));
            bool mayWork = breaker.FitnessOf(worker, now) is not WorkerFitness.Closed;
            switch (random.Next(4))
            {
                case 0 when mayWork:
                    breaker.Placed(worker, trial, now);
                    breaker.Served(worker, trial);
                    row[worker] = 0;
                    breaker.FitnessOf(worker, now).ShouldBe(WorkerFitness.Fit, $"seed {seed}");
                    breaker.Relieved(worker, trial, now);
                    break;
                case 1 when mayWork:
                    bool isProbe = breaker.FitnessOf(worker, now) is WorkerFitness.Probe;
                    breaker.Placed(worker, trial, now);
                    if (isProbe)
                        breaker.FitnessOf(worker, now).ShouldBe(WorkerFitness.Closed, $"seed {seed}");
                    breaker.Relieved(worker, trial, now + Seconds(1));
                    break;
                case 2:
                    breaker.Failed(worker, trial, FailureClass.Preempted, now);
                    break;
                default:
                    breaker.Failed(worker, trial, random.Next(2) == 0 ? FailureClass.Lost : FailureClass.Hardware, now);
                    row[worker]++;
                    break;
            }

            foreach (var other in workers)
            {
                if (row[other] < Math.Min(Options.DistinctTrials, Options.InARow))
                    breaker.FitnessOf(other, now).ShouldBe(WorkerFitness.Fit, $"seed {seed}");
                if (breaker.Of(other, now) is { } aside)
                    aside.Remaining.ShouldBeLessThanOrEqualTo(Options.MaxCoolDown, $"seed {seed}");
            }
        }

        workers.ShouldAllBe(w => breaker.FitnessOf(w, now + Options.MaxCoolDown) != WorkerFitness.Closed);
    }

    private bool Fail(WorkerId worker, int trial, double at, FailureClass cause = FailureClass.Hardware, double? placedAt = null)
    {
        breaker.Placed(worker, TrialOf(trial), Seconds(placedAt ?? at));
        return breaker.Failed(worker, TrialOf(trial), cause, Seconds(at));
    }

    private void Open(WorkerId worker, double at)
    {
        for (int trial = 1; trial <= Options.DistinctTrials; trial++)
            Fail(worker, trial, at);
    }

    private static TrialId TrialOf(int number) => new(Sweep, number);

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);
}
