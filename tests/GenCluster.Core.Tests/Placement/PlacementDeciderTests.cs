using GenCluster.Core.Placement;
using GenCluster.Core.Workers;

namespace GenCluster.Core.Tests.Placement;

/// <summary>Cases worked out by hand, in the notation of <see cref="Scene"/>.</summary>
public sealed class PlacementDeciderTests
{
    [Theory]
    [InlineData("1-1", "a", "9+a")]
    [InlineData("1-1", "abc", "9+a")]
    [InlineData("1-4", "abc", "9+abc")]
    [InlineData("1-4 1-4", "abcde", "9+ace 10+bd")]
    [InlineData("1-2 1-2", "abcdefgh", "9+ac 10+bd")]
    [InlineData("1-4 1-4 1-4", "ab", "9+a 10+b 11?RunningTrials")]
    [InlineData("2-4 2-4", "abc", "9+abc 10?RunningTrials")]
    [InlineData("", "abc", "")]
    public void Gangs_are_formed_whole_and_share_what_is_left(string waiting, string free, string expected)
    {
        Scene.Decide(Scene.Of(waiting, "", free)).ShouldBe(expected);
    }

    [Theory]
    [InlineData("2-2", "a", "9?NoSuchWorkers")]
    [InlineData("3-4 1-1", "ab", "10+a 9?NoSuchWorkers")]
    public void A_wish_that_no_release_could_fulfil_is_in_nobodys_way(string waiting, string free, string expected)
    {
        Scene.Decide(Scene.Of(waiting, "", free)).ShouldBe(expected);
    }

    [Theory]
    [InlineData("1-1 1-1", "ab", "10+b 9?Release")]
    [InlineData("1-1 1-1 1-1", "ab", "10+b 9?Release 11?RunningTrials")]
    [InlineData("1-4", "abc", "9?Release")]
    public void A_trial_that_a_worker_says_it_works_on_gets_nobody_until_that_is_settled(string waiting, string free, string expected)
    {
        Scene.Decide(Scene.Of(waiting, "", free).WithWorker('a', w => w with { Trial = Scene.Trial(9) })).ShouldBe(expected);
    }

    [Theory]
    [InlineData("1-4", "1-4:abcd", "", "1-dc 9?Shrinkage")] // both have two then
    [InlineData("1-1", "1-4:abcd", "", "1-d 9?Shrinkage")]
    [InlineData("2-2", "2-4:abcd 2-4:efgh", "", "1-d 2-h 9?Shrinkage")] // the largest in turn
    [InlineData("1-4", "2-2:ab", "", "9?RunningTrials")] // nobody goes below its minimum
    [InlineData("4-4", "1-4:abcd", "", "9?RunningTrials")] // three of four would be for nothing
    [InlineData("2-2", "1-4:abcd/ef", "", "9?Release")] // they are on their way already
    [InlineData("2-2", "1-4:ab/c", "", "1-b 9?Shrinkage")]
    [InlineData("1-1 1-1", "1-4:abcd", "", "1-dc 9?Shrinkage 10?Shrinkage")]
    [InlineData("2-2", "1-2:ab", "c", "1-b 9?Shrinkage")] // what is free is kept
    [InlineData("3-3", "1-4:abc", "d", "1-cb 9?Shrinkage")]
    public void Gangs_above_their_minimum_give_back_what_a_waiting_trial_needs(string waiting, string placed, string free, string expected)
    {
        Scene.Decide(Scene.Of(waiting, placed, free)).ShouldBe(expected);
    }

    [Theory]
    [InlineData("", "1-4:ab", "cd", "1^cd")]
    [InlineData("", "1-4:ab 1-4:c", "de", "1^e 2^d")] // the smallest first
    [InlineData("", "1-2:ab 1-2:cd", "e", "")]
    [InlineData("", "1-9:abcd/e", "fg", "")] // one that gives back takes nothing
    [InlineData("8-8", "1-4:abc", "d", "1^d 9?NoSuchWorkers")]
    [InlineData("4-4", "2-2:ab 1-4:c", "d", "2^d 9?RunningTrials")] // it gives it back at any time
    public void What_nobody_needs_now_makes_gangs_grow(string waiting, string placed, string free, string expected)
    {
        Scene.Decide(Scene.Of(waiting, placed, free)).ShouldBe(expected);
    }

    [Theory]
    [InlineData("2-2*", "1-4:A", "Bc", "1^c 9?RunningTrials")] // who has a CPU besides can spare a GPU: both go to the trial that waits
    [InlineData("2-2*", "1-4:Ac", "B", "1-A 9?Shrinkage")]
    [InlineData("1-2 1-1*", "", "Ab", "9+b 10?RunningTrials")] // the same, of a gang that begins
    [InlineData("1-2 1-1*", "", "A", "9+A 10?RunningTrials")]
    public void What_would_be_taken_back_at_once_is_not_given(string waiting, string placed, string free, string expected)
    {
        Scene.Decide(Scene.Of(waiting, placed, free)).ShouldBe(expected);
    }

    [Theory]
    [InlineData("1-1 1-1!5", "", "a", "10+a 9?RunningTrials")]
    [InlineData("2-2!5", "2-2:ab", "", "1!9 9?Preemption")]
    [InlineData("2-2!5", "2-2!5:ab", "", "9?RunningTrials")] // equals wait for each other
    [InlineData("1-1!5", "2-2:ab 1-2:cd", "", "2-d 9?Shrinkage")] // shrink before anybody stops
    [InlineData("2-2!5", "2-2!2:ab 2-2!1:cd", "", "2!9 9?Preemption")] // the lowest first
    [InlineData("3-3!5", "1-1!1:a 3-3!2:bcd", "", "2!9 9?Preemption")] // and nobody in vain
    [InlineData("3-3!5", "2-2:ab 1-3:cde", "", "2-e 1!9 9?Preemption")]
    [InlineData("4-4!5", "2-2!9:ab 2-2:cd", "", "9?RunningTrials")]
    public void Higher_priorities_come_first_and_take_what_lower_ones_have(string waiting, string placed, string free, string expected)
    {
        Scene.Decide(Scene.Of(waiting, placed, free)).ShouldBe(expected);
    }

    [Theory]
    [InlineData(9, "9?RunningTrials")]
    [InlineData(10, "1!9 9?Preemption")]
    public void A_gang_runs_for_its_minimum_time_before_it_is_stopped(int minute, string expected)
    {
        var state = Scene.Of("2-2!5", "2-2~10:ab", "", minute);

        Scene.Decide(state).ShouldBe(expected);
        if (minute < 10)
            PlacementDecider.Decide(state).Waits[0].Text.ShouldBe(
                "needs 2 workers, 2 more than are free or can be spared; running trials have to end first, or to reach their minimum run time (fashion/1)");
    }

    [Fact]
    public void Of_equal_priorities_the_gang_that_began_last_is_stopped()
    {
        var state = Scene.Of("1-1!5", "1-1:a 1-1:b", "", minute: 60);

        Scene.Decide(state with { Placed = [.. state.Placed.Select(g => g with { Since = TimeSpan.FromMinutes(50 - g.Wish.Trial.Number) })] }).ShouldBe("1!9 9?Preemption");
    }

    [Theory]
    [InlineData("8-8 1-1", "8-8:abcdefgh", "i", "10+i 9?RunningTrials")] // when the eight end, the ninth is one too many
    [InlineData("8-8 1-1", "4-4:abcd 3-3:efg", "i", "9?RunningTrials 10?Behind")] // each of the eight is needed
    [InlineData("6-6 1-1 1-1", "4-4:abcd 4-4:efgh", "ijk", "10+k 9?RunningTrials 11?Behind")] // 3 missing, 4 come
    [InlineData("2-2 1-1", "1-1:a 1-1:b", "c", "9?RunningTrials 10?Behind")]
    public void A_small_trial_overtakes_a_large_one_only_where_that_cannot_delay_it(string waiting, string placed, string free, string expected)
    {
        Scene.Decide(Scene.Of(waiting, placed, free)).ShouldBe(expected);
    }

    [Theory]
    [InlineData("1-1@small 1-1@small 1-1@small", "", "abc", "9+a 10+b 11?Quota")]
    [InlineData("3-3@small", "", "abc", "9?AboveQuota")]
    [InlineData("2-2@small 1-1@small 1-1", "1-1@small:a", "bcd", "11+b 9?Quota 10?Behind")] // the quota is kept for who came first
    [InlineData("1-1@small", "1-2@small:ab", "c", "1-b 9?Shrinkage")] // only the project itself can make room
    [InlineData("1-1@small", "1-2@small:a 1-1@small:b 1-4:cd", "", "9?Quota")]
    [InlineData("", "1-4@small:a", "bc", "1^b")]
    public void A_project_never_has_more_than_its_quota(string waiting, string placed, string free, string expected)
    {
        Scene.Decide(Scene.Of(waiting, placed, free)).ShouldBe(expected);
    }

    [Theory]
    [InlineData("1-1*@small", "1-2@small:a 1-1:B", "c", "9?RunningTrials")] // it waits for a GPU, and then needs the quota too
    [InlineData("1-1*@small 1-1@small", "1-1@small:a 1-1:B", "c", "9?RunningTrials 10?Behind")]
    [InlineData("1-1*@small 1-1", "1-2@small:ab 3-3:def", "C", "1-b 9?Shrinkage 10?Release")] // nor is the GPU gone when the quota is there
    public void What_is_left_of_a_quota_is_kept_for_the_projects_first_trial(string waiting, string placed, string free, string expected)
    {
        Scene.Decide(Scene.Of(waiting, placed, free)).ShouldBe(expected);
    }

    [Theory]
    [InlineData("1-1@x 1-1@x 1-1@y", "", "ab", "9+a 11+b 10?RunningTrials")]
    [InlineData("1-1@x 1-1@heavy 1-1@heavy 1-1@x", "", "abc", "9+a 10+b 11+c 12?RunningTrials")]
    [InlineData("1-1@y", "1-3@x:abc 1-2@y:de", "", "1-c 9?Shrinkage")] // from the project that has most
    [InlineData("1-9@x 1-9@y 1-9@heavy", "", "abcdefgh", "9+ae 10+bf 11+cdgh")]
    public void Projects_share_by_weight(string waiting, string placed, string free, string expected)
    {
        Scene.Decide(Scene.Of(waiting, placed, free)).ShouldBe(expected);
    }

    [Fact]
    public void Who_was_at_the_head_keeps_its_place_though_others_have_less()
    {
        var state = Scene.Of("2-2@x 1-1@y", "1-1@x:a", "b");

        Scene.Decide(state).ShouldBe("10+b 9?RunningTrials");
        Scene.Decide(state with { Heads = [Scene.Trial(9)] }).ShouldBe("9?RunningTrials 10?Behind");
    }

    [Fact]
    public void A_worker_that_was_freed_a_moment_ago_joins_nobody_and_forms_a_gang()
    {
        var state = Scene.Of("", "1-4:a", "bc").WithWorker('b', w => w with { IsIdle = false });

        Scene.Decide(state).ShouldBe("1^c");
        Scene.Decide(Scene.Of("1-1", "", "b").WithWorker('b', w => w with { IsIdle = false })).ShouldBe("9+b");
    }

    [Fact]
    public void A_worker_that_failed_in_a_gang_does_not_join_it_again()
    {
        var state = Scene.Of("", "1-4:a 1-4:bcd", "e") with { MayJoin = (trial, _) => trial.Number != 1 };

        Scene.Decide(state).ShouldBe("2^e");
    }

    [Fact]
    public void A_worker_that_is_set_aside_gets_nothing_and_one_on_probation_comes_last()
    {
        Scene.Decide(Scene.Of("1-1", "", "ab").WithWorker('a', w => w with { Fitness = WorkerFitness.Closed })).ShouldBe("9+b");
        Scene.Decide(Scene.Of("1-1", "", "ab").WithWorker('a', w => w with { Fitness = WorkerFitness.Probe })).ShouldBe("9+b");
        Scene.Decide(Scene.Of("", "1-2:b", "a").WithWorker('a', w => w with { Fitness = WorkerFitness.Probe })).ShouldBe("");

        var aside = Scene.Of("2-2", "", "ab").WithWorker('a', w => w with { Fitness = WorkerFitness.Closed });
        Scene.Decide(aside).ShouldBe("9?WorkersSetAside");
        PlacementDecider.Decide(aside).Waits[0].Text.ShouldBe("needs 2 workers; attached and suitable: 2, of these set aside after failures: 1");
    }

    [Theory]
    [InlineData("2-2", "9+ab")] // the smallest host that is large enough
    [InlineData("3-3", "9+cde")]
    [InlineData("4-4", "9+cdea")] // as few hosts as possible
    [InlineData("2-3", "9+cde")] // with room to grow
    [InlineData("2-2 2-2", "9+ab 10+cd")]
    public void Members_are_of_one_host_where_that_is_possible(string waiting, string expected)
    {
        var state = Scene.Of(waiting, "", "abcde");

        Scene.Decide(state with { Workers = [.. state.Workers.Select(w => w with { Host = w.Worker.Value[0] < 'c' ? "one" : "two" })] }).ShouldBe(expected);
    }

    [Fact]
    public void A_gang_grows_on_its_own_host_first()
    {
        var state = Scene.Of("", "1-2:c", "abd");

        Scene.Decide(state with { Workers = [.. state.Workers.Select(w => w with { Host = w.Worker.Value[0] < 'c' ? "one" : "two" })] }).ShouldBe("1^d");
    }

    [Fact]
    public void A_trial_that_asks_for_a_gpu_waits_for_one()
    {
        var state = Scene.Of("1-1", "", "ab").WithEvery(w => w with { Device = "cuda" });

        Scene.Decide(state).ShouldBe("9?NoSuchWorkers");
        PlacementDecider.Decide(state).Waits[0].Text.ShouldBe("needs 1 worker with a GPU; attached and suitable: 0");
        Scene.Decide(state.WithWorker('b', w => w with { Device = "cuda" })).ShouldBe("9+b");
    }

    [Theory]
    [InlineData("1-1", "", true, 4, "9+a")]
    [InlineData("1-1 1-1", "", true, 5, "9+a 10+b")] // 5 and 5 of 10
    [InlineData("1-1 1-1", "", true, 6, "9+a 10?RunningTrials")]
    [InlineData("1-1 1-1", "", false, 4, "9+a 10?RunningTrials")] // who does not share has the device alone
    [InlineData("1-1", "", true, 11, "9?NoSuchWorkers")]
    [InlineData("1-2", "", true, 5, "9+ab")]
    [InlineData("1-2", "", true, 6, "9+a")]
    [InlineData("", "1-2:a", true, 6, "")]
    [InlineData("", "1-2:a", true, 5, "1^b")]
    public void Trials_on_one_device_never_need_more_memory_than_it_has(string waiting, string placed, bool share, int gigabytes, string expected)
    {
        var state = Scene.Of(waiting, placed, placed.Length > 0 ? "bc" : "abc").WithEvery(w => w with { SharesDevice = share, Memory = gigabytes });

        Scene.Decide(state with { Workers = [.. state.Workers.Select(w => w with { Shared = new DeviceMemory("gpu-0", 10) })] }).ShouldBe(expected);
    }

    [Fact]
    public void Small_trials_fill_a_device_before_they_begin_another()
    {
        var state = Scene.Of("1-1 1-1", "", "abcd").WithEvery(w => w with { SharesDevice = true, Memory = 4 });

        Scene.Decide(state with { Workers = [.. state.Workers.Select((w, i) => w with { Shared = new DeviceMemory($"gpu-{i % 2}", 10) })] }).ShouldBe("9+a 10+c");
    }

    [Fact]
    public void Members_of_one_gang_are_put_on_different_devices()
    {
        var state = Scene.Of("2-2", "", "abcd").WithEvery(w => w with { SharesDevice = true, Memory = 4 });

        Scene.Decide(state with { Workers = [.. state.Workers.Select((w, i) => w with { Shared = new DeviceMemory($"gpu-{i / 2}", 10) })] }).ShouldBe("9+ac");
    }

    [Fact]
    public void Lists_in_any_order_give_the_same_plan()
    {
        var state = Scene.Of("1-2 2-3!1 1-1", "1-4:abcd 2-2!-1:ef", "ghi");
        var turned = state with { Workers = [.. state.Workers.Reverse()], Waiting = [.. state.Waiting.Reverse()], Placed = [.. state.Placed.Reverse()] };

        Scene.Decide(turned).ShouldBe(Scene.Decide(state));
    }

    [Theory]
    [InlineData(4, "default", null)]
    [InlineData(2, "small", null)]
    [InlineData(3, "small", "each trial needs 3 workers at once and project 'small' may have 2; lower resources.workers.min, or ask the operator for a larger quota")]
    public void A_quota_that_is_too_small_is_known_before_anybody_waits(int min, string project, string? refusal)
    {
        Scene.Rules.RefusalOf(project, min).ShouldBe(refusal);
    }
}
