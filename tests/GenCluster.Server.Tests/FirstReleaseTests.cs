using GenCluster.Actors.Persistence;
using GenCluster.Core.Identity;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Trials;
using GenCluster.Server.Journals;
using GenCluster.Server.ReadModel;
using GenCluster.Server.Tests.Support;

namespace GenCluster.Server.Tests;

/// <summary>A journal that the first release wrote, kept as it was: four trials on two workers, one of which was restarted.</summary>
public sealed class FirstReleaseTests : ServerKit
{
    private static readonly string Golden = Path.Combine(AppContext.BaseDirectory, "Golden", "journal-of-the-first-release.db");

    [Fact]
    public async Task Its_sweep_is_taken_up_by_this_release_with_its_results()
    {
        File.Copy(Golden, Journal);

        var coordinator = await StartAsync();

        await foreach (var view in coordinator.WatchAsync(new SweepId("quickstart"), Patience))
        {
            view.Phase.ShouldBe(SweepPhase.Succeeded);
            view.Trials.Select(t => t.Phase).ShouldBe(Enumerable.Repeat(TrialPhase.Succeeded, 4));
            view.Trials.ShouldAllBe(t => t.WeightsSha256.Length == 64 && t.Objective < t.Untrained);
        }
    }

    [Fact]
    public void Every_event_of_it_replays_and_becomes_a_read_model()
    {
        File.Copy(Golden, Journal);
        var database = new JournalDatabase.Sqlite(Journal);
        database.Prepare();
        new ReadModelFeed(database).Rebuild().ShouldBe(70);

        var seen = new JournalExamination(database).Run();

        seen.Findings.ShouldBeEmpty();
        (seen.Fold.Count, seen.Behind).ShouldBe((70, 0));
        seen.Fold.Sweeps.ShouldHaveSingleItem().Leaderboard().Count.ShouldBe(4);
        var first = new ReadModelQueries(database).Trial("quickstart", 1).ShouldNotBeNull();
        first.Gangs.Select(g => (g.Epoch, g.Cause)).ShouldBe([(1, "Lost"), (2, null)]);
        first.Trial.Attempts.ShouldBe(2);
    }
}
