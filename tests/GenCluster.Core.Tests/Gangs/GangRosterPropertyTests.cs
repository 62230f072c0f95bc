using FsCheck.Xunit;
using GenCluster.Core.Gangs;
using GenCluster.Core.Identity;
using GenCluster.Core.Trials;

namespace GenCluster.Core.Tests.Gangs;

/// <summary>What holds for any hints in any order.</summary>
public sealed class GangRosterPropertyTests
{
    private static readonly WorkerId[] Workers = [.. Enumerable.Range(0, 8).Select(i => new WorkerId($"w{i}"))];

    [Property(MaxTest = 1_000)]
    public void Every_change_keeps_the_living_in_order_and_brings_in_only_who_is_ready(int seed)
    {
        var random = new Random(seed);
        var life = new Life(random);
        for (int i = 0; i < 60; i++)
        {
            life.AnyHint();
            life.Act();
        }
    }

    [Property(MaxTest = 500)]
    public void When_the_hints_end_the_gang_comes_to_rest_at_work_or_ends(int seed)
    {
        var random = new Random(seed);
        var life = new Life(random);
        for (int i = 0; i < 40; i++)
        {
            life.AnyHint();
            life.Act();
        }

        for (int i = 0; i < 20 && !life.HasEnded; i++)
            life.LetTimePass();

        if (life.HasEnded)
            return;
        life.Roster.IsSettled.ShouldBeTrue($"seed {seed}");
        life.Roster.Decide(life.Now).ShouldBeNull($"seed {seed}");
        life.Roster.Members.Length.ShouldBeLessThanOrEqualTo(life.Roster.Max);
        (life.Roster.IsDraining || life.Roster.Members.Length >= life.Roster.Min).ShouldBeTrue($"seed {seed}");
    }

    private sealed class Life
    {
        private readonly Random random;
        private readonly HashSet<WorkerId> lost = [], ready = [], done = [];
        private int step;

        public Life(Random random)
        {
            this.random = random;
            int size = random.Next(1, 6);
            int min = random.Next(1, size + 1);
            int max = random.Next(size, Workers.Length + 1);
            Roster = random.Next(4) == 0
                ? GangRoster.Recovered(Workers.Take(size), min, max, TimeSpan.FromSeconds(6))
                : GangRoster.Of(Workers.Take(size), min, max);
        }

        public GangRoster Roster { get; private set; }

        public TimeSpan Now { get; private set; }

        public bool HasEnded { get; private set; }

        public void AnyHint()
        {
            var worker = Workers[random.Next(Workers.Length)];
            Now += TimeSpan.FromSeconds(random.NextDouble());
            Roster = random.Next(13) switch
            {
                0 => Lose(worker),
                1 => Roster.Broke(worker, random.Next(3) == 0 ? null : Workers[random.Next(Workers.Length)], "it broke", Now),
                2 => lost.Contains(worker) ? Roster : Roster.Invited(worker),
                3 => MakeReady(worker),
                4 => Roster.Leaving(worker, "it leaves", Now),
                5 => Roster.Spared([.. Workers.Where(_ => random.Next(4) == 0)], Now),
                6 => random.Next(10) == 0 ? Roster.Drained() : Roster,
                7 => random.Next(4) == 0 ? Roster.Obsolete("nobody knows it", Now) : Roster,
                8 => Roster.Seen(worker),
                9 => random.Next(10) == 0 ? Finish(worker) : Roster,
                _ => Roster.Heard(worker, random.Next(2) == 0 ? step : ++step),
            };
        }

        public void Act()
        {
            if (HasEnded)
                return;
            switch (Roster.Decide(Now))
            {
                case GangMove.Change change:
                    Check(change);
                    Roster = Roster.After(change);
                    ready.Clear();
                    done.Clear();
                    if (change.Unfit is { } unfit)
                        lost.Add(unfit);
                    break;
                case GangMove.End:
                    HasEnded = true;
                    Roster.Members.ShouldAllBe(m => lost.Contains(m) || done.Contains(m) || Now >= TimeSpan.FromSeconds(6));
                    break;
                case GangMove.Drain:
                    Roster = Roster.Drained();
                    break;
                case GangMove.Wait wait:
                    wait.Until.ShouldBeGreaterThan(Now);
                    break;
            }
        }

        public void LetTimePass()
        {
            Now += TimeSpan.FromSeconds(7);
            if (!done.IsSubsetOf([]))
                HasEnded = true; // its leader ends it
            step++;
            Roster = Roster.Members.Where(m => !lost.Contains(m)).Aggregate(Roster, (r, m) => r.Seen(m).Heard(m, step));
            Act();
        }

        private GangRoster Lose(WorkerId worker)
        {
            if (Roster.Members.Contains(worker) || Roster.Joiners.Contains(worker))
                lost.Add(worker);
            return Roster.Lost(worker, FailureClass.Lost, "it was lost");
        }

        private GangRoster MakeReady(WorkerId worker)
        {
            if (Roster.Joiners.Contains(worker))
                ready.Add(worker);
            return Roster.Ready(worker, Now);
        }

        private GangRoster Finish(WorkerId worker)
        {
            if (Roster.Members.Contains(worker))
                done.Add(worker);
            return Roster.Finished(worker);
        }

        private void Check(GangMove.Change change)
        {
            var before = Roster.Members;
            var stay = change.Members.Where(before.Contains).ToArray();
            var come = change.Members.Where(m => !before.Contains(m)).ToArray();

            change.Members.ShouldNotBeEmpty();
            change.Members.ShouldBe([.. stay, .. come], "joiners come last");
            stay.ShouldBe(before.Where(stay.Contains), "survivors keep their order");
            come.ShouldAllBe(m => ready.Contains(m));
            change.Members.Where(m => lost.Contains(m) || done.Contains(m)).ShouldBeEmpty("the dead do not train");
            change.Members.Length.ShouldBeLessThanOrEqualTo(Math.Max(Roster.Max, stay.Length));
            (change.Forced || Roster.IsSettled).ShouldBeTrue("a plan needs everybody");
            (change.Forced || change.Members.Length >= Roster.Min || Roster.IsDraining).ShouldBeTrue();
        }
    }
}
