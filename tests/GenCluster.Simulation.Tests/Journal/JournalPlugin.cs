using Akka.Actor;
using Akka.Persistence;
using GenCluster.Simulation.Tests.Engine;

namespace GenCluster.Simulation.Tests.Journal;

/// <summary>Stands between persistent actors and the simulated database, in the place of Akka.Persistence.Sql.</summary>
public sealed class JournalPlugin : UntypedActor
{
    private static readonly SimulatedFailureException Away = new("the database is away");
    private static readonly SimulatedFailureException Taken = new("unique key (persistence_id, sequence_number) violated");

    private readonly World world = World.Current;

    protected override void OnReceive(object message)
    {
        if (world.Simulation is not { } simulation)
            return;
        switch (message)
        {
            case WriteMessages write when simulation.NodeOf(write.PersistentActor) is { IsAlive: true } node:
                Write(simulation, node, write);
                break;
            case ReplayMessages replay when simulation.NodeOf(replay.PersistentActor) is { IsAlive: true } node:
                world.Timeline.In(simulation.Journal.Latency(), () => node.Do(() => Replay(simulation, replay)));
                break;
        }
    }

    private static void Write(Simulation simulation, Node node, WriteMessages write)
    {
        var journal = simulation.Journal;
        IPersistentRepresentation[] events =
        [
            .. write.Messages.OfType<AtomicWrite>().SelectMany(atomic => (IEnumerable<IPersistentRepresentation>)atomic.Payload),
        ];
        if (events.Length == 0)
        {
            Succeed(write); // nothing is to be written, only to be heard of in its turn
            return;
        }

        JournalRow[] batch = [.. events.Select(e => RowOf(simulation, e))];
        var fate = journal.Throw();
        if (fate is WriteFate.WriterDiesBefore)
        {
            simulation.Kill(node, "before a write");
            return;
        }

        if (journal.AcknowledgesEarly)
            node.Do(() => Succeed(write));
        simulation.World.Timeline.In(journal.Latency(), () =>
        {
            // What is on its way to the database gets there, whether the writer lives or not.
            var failure = fate is WriteFate.Fails || journal.IsDown ? Away : journal.TryCommit(node.Name, batch) ? null : Taken;
            if (fate is WriteFate.WriterDiesAfter && failure is null)
                simulation.Kill(node, "after a commit");
            else if (fate is WriteFate.CommitsAndFails || failure is not null)
                node.In(journal.Latency(), () => Fail(simulation, node, write, failure ?? Away));
            else if (!journal.AcknowledgesEarly)
                node.In(journal.Latency(), () => Succeed(write));
        });
    }

    private static JournalRow RowOf(Simulation simulation, IPersistentRepresentation written)
    {
        var serializer = simulation.World.Serializer;
        return new JournalRow(written.PersistenceId, written.SequenceNr, serializer.Manifest(written.Payload), serializer.ToBinary(written.Payload));
    }

    private static void Succeed(WriteMessages write)
    {
        write.PersistentActor.Tell(WriteMessagesSuccessful.Instance, ActorRefs.NoSender);
        Answer(write, e => new WriteMessageSuccess(e, write.ActorInstanceId));
    }

    private static void Fail(Simulation simulation, Node node, WriteMessages write, SimulatedFailureException cause)
    {
        var first = write.Messages.OfType<AtomicWrite>().First();
        simulation.Trace.Note("refused", node.Name, "", $"{first.PersistenceId} #{first.LowestSequenceNr}: {cause.Message}");
        write.PersistentActor.Tell(new WriteMessagesFailed(cause, write.Messages.OfType<AtomicWrite>().Sum(atomic => atomic.Size)), ActorRefs.NoSender);
        Answer(write, e => new WriteMessageFailure(e, cause, write.ActorInstanceId));
    }

    /// <summary>In the order of what was asked; what is not to be written but to be heard of after what was is handed back.</summary>
    private static void Answer(WriteMessages write, Func<IPersistentRepresentation, object> answer)
    {
        foreach (var message in write.Messages)
        {
            if (message is AtomicWrite { Payload: IEnumerable<IPersistentRepresentation> events })
            {
                foreach (var e in events)
                    write.PersistentActor.Tell(answer(e), ActorRefs.NoSender);
            }
            else
            {
                write.PersistentActor.Tell(new LoopMessageSuccess(message.Payload, write.ActorInstanceId), ActorRefs.NoSender);
            }
        }
    }

    private static void Replay(Simulation simulation, ReplayMessages replay)
    {
        var journal = simulation.Journal;
        if (journal.IsDown)
        {
            replay.PersistentActor.Tell(new ReplayMessagesFailure(Away), ActorRefs.NoSender);
            return;
        }

        var rows = journal.Rows(replay.PersistenceId);
        foreach (var row in rows.Where(r => r.SequenceNr >= replay.FromSequenceNr && r.SequenceNr <= replay.ToSequenceNr))
        {
            object payload = simulation.World.Serializer.FromBinary(row.Bytes, row.Manifest);
            replay.PersistentActor.Tell(new ReplayedMessage(new Persistent(payload, row.SequenceNr, row.PersistenceId, row.Manifest)), ActorRefs.NoSender);
        }

        replay.PersistentActor.Tell(new RecoverySuccess(rows.Count), ActorRefs.NoSender);
    }
}

/// <summary>There is never a snapshot.</summary>
public sealed class NoSnapshots : UntypedActor
{
    protected override void OnReceive(object message)
    {
        if (message is LoadSnapshot load)
            Sender.Tell(new LoadSnapshotResult(null!, load.ToSequenceNr));
    }
}

/// <summary>What a simulated machine says when it fails.</summary>
public sealed class SimulatedFailureException(string message) : Exception(message);
