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
        using var inbox = Inbox.Create(system);
        ToFace.Submitted? answer = null;
        await Eventually.Holds(
            () =>
            {
                foreach (string node in nodes)
                    system.ActorSelection(node + CoordinatorHosting.CoordinatorPath).Tell(new FromFace.Submit(spec), inbox.Receiver);
                try
                {
                    answer = (ToFace.Submitted)inbox.Receive(TimeSpan.FromMilliseconds(300));
                    return true;
                }
                catch (Exception e) when (e.GetBaseException() is TimeoutException)
                {
                    return false;
                }
            },
            "an answer to the submission");
        answer!.Refusal.ShouldBeNull();
        await system.Terminate();
    }
}
