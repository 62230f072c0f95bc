using GenCluster.Chaos.Tests.Harness;
using GenCluster.TestServers;

namespace GenCluster.Chaos.Tests.Faults;

/// <summary>Three coordinators on PostgreSQL, workers of their own: the active coordinator is lost, or the database is.</summary>
internal static class ClusterFaults
{
    private const int PutOut = 3;
    private static readonly TimeSpan TrainingTime = TimeSpan.FromMinutes(5);

    public static Task LoseTheActive(Arena arena) => InCluster(arena, async (cluster, _) =>
    {
        var (_, epoch) = await cluster.ActiveAsync(after: 0);
        string action = new[] { "stop", "kill", "cut 25000ms" }[(arena.Seed - 1) % 3];
        string moment = arena.Dice.Next(2) == 0 ? "Persisting" : "Persisted";
        var strike = await StrikeAsync(arena, $"{action} GenCluster-Coordinator/{moment}:{arena.Dice.Next(1, 3)}");
        var (_, next) = await cluster.ActiveAsync(after: epoch);
        next.ShouldBe(epoch + 1);
        if (action == "kill")
            return;
        ProcessGroup.Signal(strike.Id, ProcessGroup.Continue);
        var old = cluster.Ports.Select(cluster.Node).Single(node => node.Id == strike.Id);
        (await old.EndAsync()).Code.ShouldBe(PutOut);
    });

    public static Task StopTheDatabase(Arena arena) => InCluster(arena, async (_, server) =>
    {
        await Task.Delay(arena.Dice.Next(0, 1000));
        await server.StopAsync();
        int seconds = arena.Seed % 2 == 1 ? 10 : 60;
        arena.Note($"down for {seconds} s");
        await Task.Delay(TimeSpan.FromSeconds(seconds));
        await server.StartAgainAsync();
    });

    public static Task SlowTheDatabase(Arena arena) => InCluster(arena, async (cluster, _) =>
    {
        cluster.Query("""
            CREATE FUNCTION slow() RETURNS trigger AS 'BEGIN PERFORM pg_sleep(2); RETURN NEW; END' LANGUAGE plpgsql;
            CREATE TRIGGER slow BEFORE INSERT ON journal FOR EACH STATEMENT EXECUTE FUNCTION slow();
            """);
        arena.Note("2 s for an insertion");
        await Task.Delay(TimeSpan.FromSeconds(20));
        cluster.Query("DROP TRIGGER slow ON journal");
    });

    private static async Task InCluster(Arena arena, Func<CoordinatorCluster, PostgresServer, Task> strike)
    {
        await using var server = new PostgresServer();
        await server.InitializeAsync();
        var cluster = await CoordinatorCluster.StartAsync(server, arena.Sandbox, Arena.Workers, environment: arena.Plan.Environment);
        await cluster.SubmitAsync();
        await Eventually.Holds(() => arena.Plan.Look().Any(told => told.IsStep), "a first step", TrainingTime);

        await strike(cluster, server);

        await Eventually.Holds(() => cluster.Count("sweep-ended/1") == 1, "the end of the sweep", TrainingTime);
        cluster.Count("trial-concluded/1").ShouldBe(Arena.Trials);
        Invariants.CheckJournal(cluster);
        arena.TrialsEndedWell();
    }

    private static async Task<Told> StrikeAsync(Arena arena, string fault)
    {
        string name = arena.Plan.Arm(fault);
        await Eventually.Holds(() => arena.Plan.HasStruck(name), $"'{fault}' strikes");
        arena.Note(fault.Replace("GenCluster-", "", StringComparison.Ordinal));
        return await arena.Plan.StrikeAsync();
    }
}
