using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Configuration;
using GenCluster.Actors.Dispatching;

namespace GenCluster.Actors.Tests.Dispatching;

/// <summary>A dispatcher with threads of its own.</summary>
public sealed class OwnThreadsTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task Its_actors_run_on_its_threads_alone_and_in_the_order_of_what_each_is_told()
    {
        using var system = SystemWith(threads: 2);
        var names = new ConcurrentDictionary<string, int>();
        var heard = Enumerable.Range(0, 8).Select(_ => new ConcurrentQueue<int>()).ToArray();
        using var all = new CountdownEvent(8 * 500);
        var actors = heard.Select(queue => Start(system, number => Hear(queue, number))).ToArray();

        await Task.WhenAll(actors.Select(actor => Task.Run(() => Tell(actor))));

        all.Wait(Patience).ShouldBeTrue();
        names.Keys.ShouldAllBe(name => name.StartsWith("own", StringComparison.Ordinal));
        heard.ShouldAllBe(queue => queue.SequenceEqual(Enumerable.Range(0, 500)));

        void Hear(ConcurrentQueue<int> queue, int number)
        {
            names.TryAdd(Thread.CurrentThread.Name ?? "", 0);
            queue.Enqueue(number);
            all.Signal();
        }

        static void Tell(IActorRef actor)
        {
            for (int i = 0; i < 500; i++)
                actor.Tell(i, ActorRefs.NoSender);
        }
    }

    [Fact]
    public void As_many_as_it_has_threads_run_at_once()
    {
        using var system = SystemWith(threads: 3);
        using var together = new Barrier(3);
        using var met = new CountdownEvent(3);
        for (int i = 0; i < 3; i++)
            Start(system, _ => Meet()).Tell(0, ActorRefs.NoSender);

        met.Wait(Patience).ShouldBeTrue();

        void Meet()
        {
            if (together.SignalAndWait(Patience))
                met.Signal();
        }
    }

    [Fact]
    public async Task A_system_that_ends_ends_its_threads()
    {
        var system = SystemWith(threads: 1);
        var thread = new TaskCompletionSource<Thread>();
        Start(system, _ => thread.TrySetResult(Thread.CurrentThread)).Tell(0, ActorRefs.NoSender);
        var own = await thread.Task.WaitAsync(Patience);

        await system.Terminate();

        own.Join(Patience).ShouldBeTrue();
    }

    private static IActorRef Start(ActorSystem system, Action<int> hear) => system.ActorOf(Props.Create(() => new Listener(hear)).WithDispatcher("own"));

    private static ActorSystem SystemWith(int threads) => ActorSystem.Create("threads", ConfigurationFactory.ParseString($$"""
        akka { loglevel = OFF, stdout-loglevel = OFF }
        own { {{OwnThreads.For(threads)}}, shutdown-timeout = 10ms }
        """));

    private sealed class Listener : ReceiveActor
    {
        public Listener(Action<int> hear) => Receive(hear);
    }
}
