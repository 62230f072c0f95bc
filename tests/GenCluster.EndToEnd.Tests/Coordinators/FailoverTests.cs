using System.Diagnostics;
using GenCluster.EndToEnd.Tests.Support;
using GenCluster.TestServers;

namespace GenCluster.EndToEnd.Tests.Coordinators;

/// <summary>
/// Three coordinator nodes on PostgreSQL: whatever happens to the one that rules, workers train on, another takes over,
/// and the trial ends with the weights of an undisturbed run.
/// </summary>
[Trait("Speed", "Slow")]
public sealed class FailoverTests(Controls controls, PostgresServer server, ITestOutputHelper log) : IClassFixture<PostgresServer>
{
    /// <summary>For a whole trial, on a machine that may be very busy.</summary>
    private static readonly TimeSpan TrainingTime = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task A_coordinator_that_is_killed_is_succeeded_while_its_workers_train_on()
    {
        await using var sandbox = new Sandbox("failover");
        var cluster = await BeginAsync(sandbox);
        var (active, epoch) = await cluster.ActiveAsync(after: 0);

        int step = sandbox.StepOf(1);
        ProcessGroup.Signal(cluster.Node(active).Id, ProcessGroup.Kill);
        int next = await SuccessorAsync(cluster, epoch, "kill -9");

        next.ShouldNotBe(active);
        sandbox.StepOf(1).ShouldBeGreaterThan(step, "the workers trained on");
        await EndsAsUndisturbedAsync(cluster, sandbox);
    }

    [Fact]
    public async Task A_coordinator_that_is_asked_to_leave_hands_over_and_exits_cleanly()
    {
        await using var sandbox = new Sandbox("failover");
        var cluster = await BeginAsync(sandbox);
        var (active, epoch) = await cluster.ActiveAsync(after: 0);

        ProcessGroup.Signal(cluster.Node(active).Id, ProcessGroup.Terminate);
        await SuccessorAsync(cluster, epoch, "SIGTERM");

        var ending = await cluster.Node(active).EndAsync();
        ending.Code.ShouldBe(0, ending.ToString());
        await EndsAsUndisturbedAsync(cluster, sandbox);
    }

    [Fact]
    public async Task A_coordinator_that_was_frozen_is_succeeded_and_ends_itself_when_it_thaws()
    {
        await using var sandbox = new Sandbox("failover");
        var cluster = await BeginAsync(sandbox);
        var (active, epoch) = await cluster.ActiveAsync(after: 0);

        ProcessGroup.Signal(cluster.Node(active).Id, ProcessGroup.Stop);
        await SuccessorAsync(cluster, epoch, "a freeze");
        var thaw = Stopwatch.StartNew();
        ProcessGroup.Signal(cluster.Node(active).Id, ProcessGroup.Continue);

        var ending = await cluster.Node(active).EndAsync();
        log.WriteLine($"ended {thaw.Elapsed.TotalSeconds:0.0} s after its thaw: {string.Join(' ', ending.Errors.Where(e => e.StartsWith("gencluster: ", StringComparison.Ordinal)))}");
        ending.Code.ShouldBe(3, ending.ToString());
        await EndsAsUndisturbedAsync(cluster, sandbox);
    }

    [Fact]
    public async Task A_database_that_is_away_for_a_while_costs_the_trial_nothing()
    {
        await using var sandbox = new Sandbox("failover");
        var cluster = await BeginAsync(sandbox);
        var (_, epoch) = await cluster.ActiveAsync(after: 0);

        await server.StopAsync();
        int step = sandbox.StepOf(1);
        await Eventually.Holds(() => sandbox.StepOf(1) >= step + 200, "a step whose report and checkpoints have nowhere to go", TrainingTime);
        await server.StartAgainAsync();

        await SuccessorAsync(cluster, epoch, "the return of the database");
        await EndsAsUndisturbedAsync(cluster, sandbox);
    }

    [Fact]
    public async Task A_node_that_reaches_none_of_the_others_gives_up_with_4()
    {
        await using var sandbox = new Sandbox("failover");
        var cluster = await CoordinatorCluster.StartAsync(server, sandbox, workers: 0, nodes: 0);

        cluster.StartNode(cluster.Ports[2]);

        var ending = await cluster.Node(cluster.Ports[2]).EndAsync();
        ending.Code.ShouldBe(4, ending.ToString());
        ending.Sentence().ShouldContain(" could not join: ");
    }

    private async Task<CoordinatorCluster> BeginAsync(Sandbox sandbox)
    {
        await controls.OfAsync("failover");
        var cluster = await CoordinatorCluster.StartAsync(server, sandbox, workers: 2);
        await cluster.SubmitAsync();
        await Eventually.Holds(() => sandbox.StepOf(1) >= 50, "trial 1 is at step 50", TrainingTime);
        return cluster;
    }

    /// <summary>Measures until a coordinator takes office, and until it takes work.</summary>
    private async Task<int> SuccessorAsync(CoordinatorCluster cluster, int epoch, string after)
    {
        var clock = Stopwatch.StartNew();
        var (port, _) = await cluster.ActiveAsync(after: epoch);
        var office = clock.Elapsed;
        await cluster.SubmitAsync(); // again: the same sweep
        log.WriteLine($"after {after}: there is a new coordinator after {office.TotalSeconds:0.0} s, and answers after {clock.Elapsed.TotalSeconds:0.0} s");
        return port;
    }

    private async Task EndsAsUndisturbedAsync(CoordinatorCluster cluster, Sandbox sandbox)
    {
        await Eventually.Holds(() => cluster.Count("sweep-ended/1") == 1, "the end of the sweep", TrainingTime);
        cluster.Count("lease-ended/1").ShouldBe(0, "no run was given up");
        cluster.Count("trial-concluded/1").ShouldBe(1);
        var control = await controls.OfAsync("failover");
        WeightsOf(sandbox).ShouldBe(WeightsOf(control.Sandbox));
    }

    private static string WeightsOf(Sandbox sandbox) => Sandbox.Sha256(Path.Combine(sandbox.TrialFolder(1), "weights.safetensors"));
}
