using Akka.TestKit;
using GenCluster.Actors.Coordination;
using GenCluster.Actors.Protocol;
using GenCluster.Actors.Tests.Support;
using GenCluster.Core.Parameters;
using GenCluster.Core.Sweeps;

namespace GenCluster.Actors.Tests.Coordination;

/// <summary>How faces ask, when messages are lost and coordinators come and go.</summary>
public sealed class CoordinatorClientTests : CoordinationKit
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(50);

    private readonly TestProbe coordinator;
    private readonly CoordinatorClient client;

    public CoordinatorClientTests()
    {
        coordinator = CreateTestProbe();
        client = new CoordinatorClient(Sys, coordinator, Soon);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Asks_again_until_there_is_an_answer()
    {
        var answer = client.SubmitAsync(Samples.Spec(), "ada", Timeout.InfiniteTimeSpan, Cancellation);
        for (int lost = 0; lost < 3; lost++)
            coordinator.ExpectMsg<FromFace.Submit>(Patience, cancellationToken: Cancellation).Spec.ShouldBe(Samples.Spec());

        coordinator.ExpectMsg<FromFace.Submit>(Patience, cancellationToken: Cancellation);
        coordinator.Reply(new ToFace.Submitted(null, Known: true));

        (await AnswerOf(answer)).ShouldBe((null, true));
    }

    [Fact]
    public async Task Says_that_nobody_answers_when_its_patience_is_over()
    {
        var failure = await Should.ThrowAsync<CoordinatorAwayException>(() => client.ReadyAsync(TimeSpan.FromMilliseconds(200), Cancellation));

        failure.Message.ShouldBe("the coordinator does not answer (waited 0.2 s); it may be starting, moving to another node, or without its journal: try again");
        coordinator.ExpectMsg<FromFace.Hail>(Patience, cancellationToken: Cancellation);
        coordinator.ExpectMsg<FromFace.Hail>(Patience, cancellationToken: Cancellation);
    }

    [Fact]
    public async Task Stops_asking_when_it_is_cancelled()
    {
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var drain = client.DrainAsync(cancel.Token);
        coordinator.ExpectMsg<FromFace.DrainAll>(Patience, cancellationToken: Cancellation);

        await cancel.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => drain);
    }

    [Fact]
    public async Task A_sweep_that_no_message_holds_is_refused_on_every_node_alike()
    {
        var values = Enumerable.Range(0, 2_000).Select(i => ParameterValue.Of(new string('v', 60) + i)).ToArray();
        var spec = Samples.Spec() with { Parameters = new ParameterSpace([new("loss", new Categorical(values, null))]) };

        var (refusal, known) = await client.SubmitAsync(spec, "ada", Timeout.InfiniteTimeSpan, Cancellation);

        refusal.ShouldNotBeNull().ShouldEndWith(" bytes and 65536 are allowed; give fewer parameters, or shorter lists of values");
        known.ShouldBeFalse();
        coordinator.HasMessages.ShouldBeFalse();
    }

    [Fact]
    public async Task Nothing_is_done_to_a_sweep_that_nobody_knows()
    {
        StartCoordinator();
        var asking = new CoordinatorClient(Sys, await Sys.ActorSelection("/user/coordinator/coordinator").ResolveOne(Patience, Cancellation));

        (await asking.ControlAsync(Samples.Sweep, null, Verb.Pause, "ada", Patience, Cancellation)).ShouldBe("there is no sweep 'fashion'");
        (await asking.EditAsync(Samples.Sweep, 1, Samples.Spec(), "ada", Patience, Cancellation)).ShouldBe(("there is no sweep 'fashion'", 0));
    }

    [Fact]
    public async Task The_same_sweep_said_twice_is_one_sweep()
    {
        StartCoordinator();
        var asking = new CoordinatorClient(Sys, await Sys.ActorSelection("/user/coordinator/coordinator").ResolveOne(Patience, Cancellation));

        (await asking.SubmitAsync(Samples.Spec(), "ada", Patience, Cancellation)).ShouldBe((null, false));
        (await asking.SubmitAsync(Samples.Spec(), "ada", Patience, Cancellation)).ShouldBe((null, true));

        JournalRows("coordinator", "sweep-registered/1").ShouldBe(1);
        JournalRows("sweep-fashion", "sweep-submitted/1").ShouldBe(1);
        (await asking.ReadyAsync(Patience, Cancellation)).ShouldBe(1);
    }

    private static async Task<T> AnswerOf<T>(Task<T> task) => await task.WaitAsync(Patience, Cancellation);
}
