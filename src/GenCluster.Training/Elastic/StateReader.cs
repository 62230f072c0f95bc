using System.Runtime.InteropServices;
using GenCluster.Collectives.Feeds;
using GenCluster.Core.Trials;
using GenCluster.Training.Loop;
using MessagePack;

namespace GenCluster.Training.Elastic;

/// <summary>Reads another member's state from a feed into this one.</summary>
internal sealed class StateReader(TrainingState state, FeedConnection feed)
{
    private FeedHeader header;

    /// <summary>Copies the state once.</summary>
    public void Copy() => Take(FeedKind.AskState);

    /// <summary>Copies the state, to go on with <see cref="Next"/>.</summary>
    public void Follow() => Take(FeedKind.AskToFollow);

    /// <summary>
    /// Reads the next record of a member that is followed. A <see cref="FeedKind.Sum"/> is the coming operation's: it
    /// is in slot 0 then, to be replayed.
    /// </summary>
    public FeedKind Next(Trainer trainer)
    {
        header = feed.Read();
        switch ((FeedKind)header.Kind)
        {
            case FeedKind.Sum:
                ReadSum(trainer.PhaseInHand);
                return FeedKind.Sum;
            case FeedKind.CaughtUp:
                feed.ReadPayload([]);
                return FeedKind.CaughtUp;
            case FeedKind.End:
                feed.ReadPayload([]);
                return FeedKind.End;
            default:
                throw Unexpected("a sum");
        }
    }

    private void Take(FeedKind request)
    {
        feed.Write((byte)request, 0, []);
        var notes = ReadNotes();
        for (int part = 0; part < StateParts.Count(state); part++)
        {
            Expect(FeedKind.Part, part, StateParts.Part(state, part).Length);
            feed.ReadPayload(StateParts.Part(state, part));
        }

        StateParts.Upload(state);
        notes.Apply(state);
    }

    private Notes ReadNotes()
    {
        header = feed.Read();
        if ((FeedKind)header.Kind != FeedKind.Notes || header.Length is < 0 or > Notes.MaxBytes)
            throw Unexpected($"notes of at most {Notes.MaxBytes} bytes");
        var bytes = new byte[header.Length];
        feed.ReadPayload(bytes);
        try
        {
            return Notes.Read(bytes);
        }
        catch (MessagePackSerializationException e)
        {
            throw new TrainingFailedException(FailureClass.Lost, "the notes of a state that is copied cannot be read", e);
        }
    }

    private void ReadSum(int phase)
    {
        long ordinal = state.Position.Ordinal;
        foreach (var (i, bucket) in state.Vectors.Phases[phase].Index())
        {
            if (i > 0)
                header = feed.Read();
            Expect(FeedKind.Sum, ordinal, bucket.Length * sizeof(float), read: false);
            feed.ReadPayload(MemoryMarshal.AsBytes(state.Memory.Slot(0).Slice(bucket.Start, bucket.Length)));
        }
    }

    private void Expect(FeedKind kind, long position, int length, bool read = true)
    {
        if (read)
            header = feed.Read();
        if (((FeedKind)header.Kind, header.Position, header.Length) != (kind, position, length))
            throw Unexpected($"{kind} {position} with {length} bytes");
    }

    private TrainingFailedException Unexpected(string wanted) => new(
        FailureClass.Lost, $"a feed of the state has {(FeedKind)header.Kind} {header.Position} with {header.Length} bytes where {wanted} must come");
}
