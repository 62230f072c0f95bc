using Akka.Actor;
using Akka.Persistence;
using GenCluster.Actors.Persistence;
using GenCluster.Actors.Protocol;
using GenCluster.Core.Checkpoints;
using GenCluster.Core.Decisions;
using GenCluster.Core.Identity;

namespace GenCluster.Actors.Shelves;

/// <summary>
/// Keeps the blobs of one trial in the coordinator's database, for models small enough. Which blobs there are is in a
/// journal, so two coordinators cannot disagree; their bytes are in the snapshot store, in pieces, which nobody replays
/// and which vanish when they are deleted. A blob is visible from the event that says so, which follows its last piece.
/// </summary>
internal sealed class ShelfActor : EventSourcedActor<ShelfState, IShelfCommand, IShelfEvent>
{
    private const int KeysInPage = 256;

    private readonly TrialId trial;
    private readonly IActorRef pieces;
    private readonly Dictionary<BlobKey, int> written = []; // pieces of blobs on their way, since this actor began

    public ShelfActor(TrialId trial)
        : base($"shelf-{trial.Sweep}-{trial.Number}", ShelfState.Empty)
    {
        this.trial = trial;
        pieces = Akka.Persistence.Persistence.Instance.Apply(Context.System).SnapshotStoreFor("");
        Command<ToShelf.PutPiece>(Put);
        Command<ToShelf.GetPiece>(Get);
        Command<ToShelf.List>(List);
        Command<ToShelf.Remove>(Remove);
        Command<PieceActor.Saved>(Complete);
        Command<PieceActor.Deleted>(m => Execute(new RemoveBlob(m.Key), _ => m.Asker.Tell(new FromShelf.Removed())));
    }

    public static Props PropsFor(TrialId trial) => Props.Create(() => new ShelfActor(trial));

    protected override Decision<IShelfEvent> Decide(ShelfState state, IShelfCommand command) => ShelfDecider.Decide(state, command);

    protected override ShelfState Apply(ShelfState state, IShelfEvent @event) => ShelfDecider.Apply(state, @event);

    protected override void Recovered()
    {
    }

    private void Put(ToShelf.PutPiece put)
    {
        var key = new BlobKey(put.Space, put.Sha256);
        if (State.Find(key) is { IsComplete: true })
            Sender.Tell(new FromShelf.PieceStored(put.Index, IsComplete: true));
        else if (put.Index == 0)
            Execute(new BeginBlob(key, put.Length), d => Save(put, d));
        else if (put.Index <= written.GetValueOrDefault(key))
            Save(put, Decision<IShelfEvent>.Accept());
        else
            Sender.Tell(new FromShelf.BeginAgain());
    }

    private void Save(ToShelf.PutPiece put, Decision<IShelfEvent> begun)
    {
        if (begun.Refusal is { } refusal)
            Sender.Tell(new FromShelf.Refused(Talk.Plain(refusal.Reason), MayPass: false));
        else
            Start(PieceActor.Saving(pieces, IdOf(put.Space, put.Sha256), put, Sender));
    }

    private void Complete(PieceActor.Saved saved)
    {
        var (put, key) = (saved.Put, new BlobKey(saved.Put.Space, saved.Put.Sha256));
        int count = Math.Max(written.GetValueOrDefault(key), put.Index + 1);
        written[key] = count;
        if (count < ShelfState.PiecesOf(put.Length))
        {
            saved.Asker.Tell(new FromShelf.PieceStored(put.Index, IsComplete: false));
            return;
        }

        written.Remove(key);
        Execute(new CompleteBlob(key), d => saved.Asker.Tell(d.Refusal is null
            ? new FromShelf.PieceStored(put.Index, IsComplete: true)
            : new FromShelf.BeginAgain()));
    }

    private void Get(ToShelf.GetPiece get)
    {
        if (State.Find(new BlobKey(get.Space, get.Sha256)) is { IsComplete: true } blob && get.Index < ShelfState.PiecesOf(blob.Length))
            Start(PieceActor.Loading(pieces, IdOf(get.Space, get.Sha256), get.Index, blob.Length, Sender));
        else
            Sender.Tell(new FromShelf.Missing());
    }

    private void List(ToShelf.List list)
    {
        var keys = State.After(new BlobKey(list.AfterSpace, list.AfterSha256)).Take(KeysInPage + 1).ToList();
        Sender.Tell(new FromShelf.Page([.. keys.Take(KeysInPage).Select(key => new ShelfEntry(key.Space, key.Sha256))], keys.Count > KeysInPage));
    }

    private void Remove(ToShelf.Remove remove)
    {
        var key = new BlobKey(remove.Space, remove.Sha256);
        if (State.Find(key) is null)
            Sender.Tell(new FromShelf.Removed());
        else
            Start(PieceActor.Deleting(pieces, IdOf(remove.Space, remove.Sha256), key, Sender)); // the bytes first: what dies here is still listed
        written.Remove(key);
    }

    private void Start(Props piece) => Context.ActorOf(piece);

    private string IdOf(long space, string sha256) => $"blob-{trial.Sweep}-{trial.Number}-{space}-{sha256}";
}
