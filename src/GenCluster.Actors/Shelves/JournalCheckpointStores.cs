using Akka.Actor;
using GenCluster.Actors.Coordination;
using GenCluster.Actors.Protocol;
using GenCluster.Core.Checkpoints;
using GenCluster.Core.Identity;

namespace GenCluster.Actors.Shelves;

/// <summary>
/// Checkpoints in the coordinator's database, for small models. A worker never opens that database: it sends pieces to
/// the coordinator, one at a time, each when the one before is written.
/// </summary>
/// <param name="contacts">Coordinator nodes; one of them rules.</param>
/// <param name="patience">How long an operation may go without any progress; a coordinator may be on its way to another node.</param>
public sealed class JournalCheckpointStores(IReadOnlyList<string> contacts, TimeSpan patience, TimeProvider clock) : ICheckpointStores
{
    /// <summary>One message may be lost; the next contact is tried after this.</summary>
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private ActorSystem? system;
    private int current;

    /// <summary>Gives it the system to speak through; before any run begins.</summary>
    public void Attach(ActorSystem through) => system = through;

    public ICheckpointStore Open(Lease lease, CancellationToken cancellation) => new JournalCheckpointStore(this, lease, cancellation);

    /// <summary>Asks until there is an answer, from whichever node rules. Blocks; for threads of their own.</summary>
    /// <exception cref="IOException">There was none, or the coordinator cannot do it.</exception>
    internal object Ask(IShelfRequest request, CancellationToken cancellation)
    {
        long began = clock.GetTimestamp();
        string trouble = "no coordinator answers";
        while (clock.GetElapsedTime(began) < patience)
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                object answer = Selection().Ask(request, AnswerTime, cancellation).GetAwaiter().GetResult();
                if (answer is not FromShelf.Refused refused)
                    return answer;
                trouble = refused.Reason;
                if (!refused.MayPass)
                    break;
                cancellation.WaitHandle.WaitOne(Pause);
            }
            catch (AskTimeoutException)
            {
                current = (current + 1) % contacts.Count;
            }
        }

        cancellation.ThrowIfCancellationRequested();
        throw new IOException($"the checkpoints of trial {request.Trial} in the coordinator's database are out of reach: {trouble}");
    }

    private ActorSelection Selection() => (system ?? throw new InvalidOperationException("no actor system is attached"))
        .ActorSelection(contacts[current] + CoordinatorHosting.CoordinatorPath);
}
