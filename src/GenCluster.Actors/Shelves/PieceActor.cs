using Akka.Actor;
using Akka.Persistence;
using GenCluster.Actors.Protocol;
using GenCluster.Core.Checkpoints;

namespace GenCluster.Actors.Shelves;

/// <summary>One request to the snapshot store, for a shelf; ends with it.</summary>
internal sealed class PieceActor : ReceiveActor
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly IActorRef store;
    private readonly object request;
    private readonly IActorRef asker;

    public PieceActor(IActorRef store, object request, IActorRef asker, object whenDone, int length)
    {
        (this.store, this.request, this.asker) = (store, request, asker);
        Receive<SaveSnapshotSuccess>(_ => TellParent(whenDone));
        Receive<DeleteSnapshotsSuccess>(_ => TellParent(whenDone));
        Receive<LoadSnapshotResult>(m => Answer(m.Snapshot?.Snapshot is BlobPiece piece ? new FromShelf.Piece(length, piece.Bytes) : new FromShelf.Missing()));
        Receive<SaveSnapshotFailure>(m => Refuse(m.Cause.GetBaseException().Message));
        Receive<DeleteSnapshotsFailure>(m => Refuse(m.Cause.GetBaseException().Message));
        Receive<LoadSnapshotFailed>(m => Refuse(m.Cause.GetBaseException().Message));
        Receive<ReceiveTimeout>(_ => Refuse("the database does not answer"));
    }

    public static Props Saving(IActorRef store, string blob, ToShelf.PutPiece put, IActorRef asker) => PropsFor(
        store, new SaveSnapshot(new SnapshotMetadata(blob, RowOf(put.Index), DateTime.UnixEpoch), new BlobPiece(put.Bytes)), asker, new Saved(put, asker), 0);

    public static Props Loading(IActorRef store, string blob, int index, int length, IActorRef asker) => PropsFor(
        store, new LoadSnapshot(blob, new SnapshotSelectionCriteria(RowOf(index), DateTime.MaxValue, RowOf(index), DateTime.MinValue), RowOf(index)), asker, NoMessage.Instance, length);

    public static Props Deleting(IActorRef store, string blob, BlobKey key, IActorRef asker) => PropsFor(
        store, new DeleteSnapshots(blob, SnapshotSelectionCriteria.Latest), asker, new Deleted(key, asker), 0);

    protected override void PreStart()
    {
        Context.SetReceiveTimeout(Patience);
        store.Tell(request);
    }

    private static Props PropsFor(IActorRef store, object request, IActorRef asker, object whenDone, int length) =>
        Props.Create(() => new PieceActor(store, request, asker, whenDone, length));

    /// <summary>Sequence numbers of snapshots begin at 1.</summary>
    private static long RowOf(int index) => index + 1;

    private void TellParent(object message)
    {
        Context.Parent.Tell(message);
        Context.Stop(Self);
    }

    private void Refuse(string reason) => Answer(new FromShelf.Refused(Talk.Plain(reason), MayPass: true));

    private void Answer(object answer)
    {
        asker.Tell(answer);
        Context.Stop(Self);
    }

    /// <summary>The piece is in the database.</summary>
    internal sealed record Saved(ToShelf.PutPiece Put, IActorRef Asker) : ILocal;

    /// <summary>No piece of the blob is in the database any more.</summary>
    internal sealed record Deleted(BlobKey Key, IActorRef Asker) : ILocal;

    private sealed record NoMessage : ILocal
    {
        public static readonly NoMessage Instance = new();
    }
}
