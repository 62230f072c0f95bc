using System.Diagnostics;
using Akka.Actor;
using Akka.Configuration;
using GenCluster.Actors.Coordination;
using GenCluster.Actors.Protocol;
using GenCluster.Actors.Serialization;
using GenCluster.Configuration;

namespace GenCluster.EndToEnd.Tests.Support;

/// <summary>Hands a sweep to a coordinator as a worker finds one: by asking every node until the active one answers.</summary>
internal static class Submission
{
    private static readonly TimeSpan Insistence = TimeSpan.FromMilliseconds(300);

    private static readonly Config Settings = ConfigurationFactory.ParseString("""
        akka {
          loglevel = OFF
          stdout-loglevel = OFF
          actor.provider = remote
          remote.dot-netty.tcp { hostname = 127.0.0.1, port = 0 }
          remote.retry-gate-closed-for = 500ms
        }
        """).WithFallback(WireSerialization.Config);

    public static async Task SubmitAsync(string file, IEnumerable<string> nodes)
    {
        var spec = SweepFile.Load(file).Spec.ShouldNotBeNull();
        using var system = ActorSystem.Create(CoordinatorHosting.SystemName, Settings);
        var answer = new TaskCompletionSource<ToFace.Submitted>(TaskCreationOptions.RunContinuationsAsynchronously);
        var face = system.ActorOf(Props.Create(() => new Face(answer)));
        for (var clock = Stopwatch.StartNew(); !answer.Task.IsCompleted; await Task.WhenAny(answer.Task, Task.Delay(Insistence)))
        {
            if (clock.Elapsed > Eventually.Patience)
                throw new TimeoutException($"waited {clock.Elapsed.TotalSeconds:0} s in vain for an answer to the submission");
            foreach (string node in nodes)
                system.ActorSelection(node + CoordinatorHosting.CoordinatorPath).Tell(new FromFace.Submit(spec), face);
        }

        (await answer.Task).Refusal.ShouldBeNull();
        await system.Terminate();
    }

    /// <summary>Hears the answer. (Akka's inbox hears ever less of what comes after it has waited in vain some twenty times.)</summary>
    private sealed class Face : ReceiveActor
    {
        public Face(TaskCompletionSource<ToFace.Submitted> answer) => Receive<ToFace.Submitted>(m => answer.TrySetResult(m));
    }
}
