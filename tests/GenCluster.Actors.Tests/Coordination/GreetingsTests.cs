using GenCluster.Actors.Coordination;
using GenCluster.Actors.Protocol;
using GenCluster.Actors.Tests.Support;

namespace GenCluster.Actors.Tests.Coordination;

/// <summary>Patience here is ten seconds.</summary>
public sealed class GreetingsTests
{
    private static readonly FromWorker.Hello Hello = new(
        FromWorker.ProtocolVersion, Samples.Worker, Samples.Instance, "cpu", "127.0.0.1", 4100, null, null, 0);

    private readonly Greetings greetings = new(Seconds(10));

    [Fact]
    public void A_worker_that_heard_the_welcome_is_told_once()
    {
        greetings.Say(Hello, Seconds(0));

        greetings.Answer(Samples.Worker, Samples.Instance, out var hello).ShouldBeTrue();
        hello.ShouldBe(Hello);
        greetings.Answer(Samples.Worker, Samples.Instance, out _).ShouldBeFalse();
    }

    [Fact]
    public void Nobody_answers_for_another_start_of_the_process()
    {
        greetings.Say(Hello, Seconds(0));

        greetings.Answer(Samples.Worker, Guid.NewGuid(), out _).ShouldBeFalse();
        greetings.Answer(Samples.Worker, Samples.Instance, out _).ShouldBeTrue();
    }

    [Fact]
    public void One_that_says_hello_for_long_is_told_of_once()
    {
        double[] told = [.. Enumerable.Range(0, 50).Select(i => i / 2.0).Where(at => greetings.Say(Hello, Seconds(at)))];

        told.ShouldBe([10]);
        greetings.Say(Hello with { Instance = Guid.NewGuid() }, Seconds(25)).ShouldBeFalse("it was started again");
    }

    [Fact]
    public void One_that_says_nothing_any_more_is_forgotten()
    {
        greetings.Say(Hello, Seconds(0));
        greetings.Say(Hello, Seconds(3));

        greetings.Expire(Seconds(12.9));
        greetings.Answer(Samples.Worker, Samples.Instance, out _).ShouldBeTrue();
        greetings.Say(Hello, Seconds(20));
        greetings.Expire(Seconds(30));
        greetings.Answer(Samples.Worker, Samples.Instance, out _).ShouldBeFalse();
    }

    private static TimeSpan Seconds(double value) => TimeSpan.FromSeconds(value);
}
