using System.Diagnostics.CodeAnalysis;
using GenCluster.Actors.Protocol;
using GenCluster.Core.Identity;

namespace GenCluster.Actors.Coordination;

/// <summary>
/// Workers that said hello and were welcomed, until their first heartbeat says that they heard it: the second and the third part
/// of a handshake. Where a network carries one way only, a worker is heard and hears nothing; it would be given work for ever.
/// </summary>
/// <param name="patience">How long one is remembered after its last hello.</param>
internal sealed class Greetings(TimeSpan patience)
{
    private readonly Dictionary<WorkerId, Greeting> open = [];

    /// <summary>A worker says hello, perhaps again.</summary>
    /// <returns>Whether it is to be told to people: it has gone on for so long that it cannot have heard the answers. Once for each worker.</returns>
    public bool Say(FromWorker.Hello hello, TimeSpan now)
    {
        bool again = open.TryGetValue(hello.Worker, out var known) && known.Hello.Instance == hello.Instance;
        bool isDeaf = again && now - known.First >= patience;
        open[hello.Worker] = new Greeting(hello, again ? known.First : now, now, isDeaf);
        return isDeaf && !known.IsDeaf;
    }

    /// <summary>A worker has heard the welcome.</summary>
    /// <returns>Whether it had said hello.</returns>
    public bool Answer(WorkerId worker, Guid instance, [NotNullWhen(true)] out FromWorker.Hello? hello)
    {
        hello = open.TryGetValue(worker, out var known) && known.Hello.Instance == instance ? known.Hello : null;
        return hello is not null && open.Remove(worker);
    }

    /// <summary>Forgets those that say nothing any more.</summary>
    public void Expire(TimeSpan now)
    {
        foreach (var (worker, greeting) in open)
        {
            if (now - greeting.Last >= patience)
                open.Remove(worker);
        }
    }

    private readonly record struct Greeting(FromWorker.Hello Hello, TimeSpan First, TimeSpan Last, bool IsDeaf);
}
