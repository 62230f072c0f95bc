using FsCheck;
using FsCheck.Xunit;
using GenCluster.Core.Identity;
using GenCluster.Core.Placement;
using GenCluster.TestDraws;

namespace GenCluster.Core.Tests.Placement;

/// <summary>
/// What holds whatever happens: trials come, end and are cancelled, workers come, fail and are lost, at any moment.
/// <c>GENCLUSTER_CASES</c> says how many schedules are tried, <c>GENCLUSTER_SEED</c> which.
/// </summary>
[Cases(500)]
public sealed class PlacementPropertyTests
{
    private const int Events = 40;

    private static readonly WaitCause[] NotNow = [WaitCause.NoSuchWorkers, WaitCause.WorkersSetAside, WaitCause.AboveQuota];

    /// <summary>Never over-committed, never a part of a gang, never below the minimum, quotas hold: <see cref="Town.Decide"/> looks at every plan.</summary>
    [Property]
    public void Every_plan_of_any_schedule_keeps_all_promises(DoNotSize<int> seed) => AfterAnySchedule(seed.Item);

    /// <summary>No flapping. A gang that has grown may give another worker back, one that fits a trial better, but none that came a moment ago.</summary>
    [Property]
    public void Without_news_nothing_is_given_and_taken_back(DoNotSize<int> seed)
    {
        var town = AfterAnySchedule(seed.Item);
        HashSet<WorkerId> given = [.. town.Plan.Given];
        int limit = 2 + town.Waiting.Count;
        for (int round = 0; ; round++)
        {
            var plan = town.Decide();
            plan.Shrinkages.SelectMany(s => s.Workers).ShouldAllBe(w => !given.Contains(w));
            given.UnionWith(plan.Given);
            if (plan.Grants.Count + plan.Shrinkages.Count + plan.Preemptions.Count + plan.Growths.Count == 0)
                break;
            round.ShouldBeLessThan(limit, $"still moving: {Scene.Text(plan)}");
        }
    }

    /// <summary>No deadlock, no starvation: as long as gangs end, whoever could be served at all is served.</summary>
    [Property]
    public void Whoever_can_be_served_is_served_in_the_end(DoNotSize<int> seed)
    {
        var town = AfterAnySchedule(seed.Item);
        int limit = 40 * (town.Waiting.Count + town.Gangs.Count + 1);
        for (int round = 0; town.Gangs.Count > 0 || town.Waiting.Any(w => !IsHopeless(town, w)); round++)
        {
            round.ShouldBeLessThan(limit, $"still waiting: {Scene.Text(town.Plan)}");
            town.GiveBack(all: true);
            town.Pass(TimeSpan.FromHours(1));
            if (round % 3 == 2 && town.Gangs.FirstOrDefault(g => !g.Ends) is { } oldest)
                town.End(oldest);
            town.Decide();
        }
    }

    /// <summary>When all that was asked for has been given back and nobody ends or comes, the cluster is at rest.</summary>
    [Property]
    public void Every_cluster_comes_to_rest(DoNotSize<int> seed)
    {
        var town = AfterAnySchedule(seed.Item);
        int limit = 20 + (4 * (town.Waiting.Count + town.Gangs.Count));
        for (int round = 0; ; round++)
        {
            round.ShouldBeLessThan(limit, $"still moving: {Scene.Text(town.Plan)}");
            town.GiveBack(all: true);
            town.Pass(TimeSpan.FromSeconds(1));
            var plan = town.Decide();
            if (plan.Grants.Count + plan.Shrinkages.Count + plan.Preemptions.Count + plan.Growths.Count == 0 && town.Gangs.All(g => !g.Ends && g.Leaving.Count == 0))
                break;
        }
    }

    /// <summary>Small trials come for ever, of its own project and of one that has less; each runs for a few rounds.</summary>
    [Property]
    public void A_large_trial_is_not_starved_by_an_endless_stream_of_small_ones(DoNotSize<int> seed)
    {
        var random = new Random(seed.Item);
        var town = Town.Of(workers: random.Next(4, 10));
        Dictionary<TrialId, int> age = [];
        int large = random.Next(3, town.Workers + 1);
        TrialId? wanted = null;
        for (int round = 0; wanted is null || !town.IsPlaced(wanted.Value); round++)
        {
            round.ShouldBeLessThan(200, $"{large} of {town.Workers} workers never come together");
            if (round == 10)
                wanted = town.Arrive(town.Wish(large, large, "speech"));
            for (int i = random.Next(3); i > 0; i--)
                town.Arrive(town.Wish(1, random.Next(1, 3), random.Next(2) == 0 ? "vision" : "speech"));
            foreach (var gang in town.Gangs.ToArray())
            {
                age[gang.Wish.Trial] = age.GetValueOrDefault(gang.Wish.Trial) + 1;
                if (age[gang.Wish.Trial] > 4)
                    town.End(gang);
            }

            town.GiveBack(all: true);
            town.Pass(TimeSpan.FromSeconds(1));
            town.Decide();
        }
    }

    private static bool IsHopeless(Town town, WaitingGang waiting) => town.Plan.Waits.Any(w => w.Trial == waiting.Wish.Trial && NotNow.Contains(w.Cause));

    private static Town AfterAnySchedule(int seed)
    {
        var town = Town.Any(seed);
        for (int i = 0; i < Events; i++)
        {
            town.AnyEvent();
            town.Decide();
        }

        return town;
    }
}
