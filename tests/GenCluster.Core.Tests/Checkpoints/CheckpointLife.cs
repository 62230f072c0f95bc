using GenCluster.Core.Checkpoints;
using GenCluster.Core.Identity;
using GenCluster.Core.Tests.Support;
using GenCluster.Core.Trials;

namespace GenCluster.Core.Tests.Checkpoints;

/// <summary>
/// A trial, its journal, its store and everybody who writes or clears away in it, with all that can go wrong between them:
/// leaders that freeze in the middle of clearing away and thaw much later, answers that come late, twice or never,
/// collectors with any old view of the journal, children that read what they pinned. Contents come from a small set, so
/// that the same blob comes up again and again.
/// </summary>
/// <param name="flaw">A mistake planted in the rules.</param>
internal sealed class CheckpointLife(Random random, Flaw flaw = Flaw.None)
{
    private static readonly WorkerId[] Workers = [new("anna"), new("ben"), new("carl")];

    private readonly HashSet<BlobKey> blobs = [];
    private readonly List<TrialState> journal = [TrialDecider.Apply(TrialState.New(Samples.Trial), new TrialCreated(Samples.Definition))];
    private readonly Dictionary<WorkerId, Run> runs = [];
    private readonly List<Clearance> clearances = [];
    private readonly List<Action> network = [];
    private readonly Dictionary<string, CheckpointManifest> children = [];

    public TrialState State => journal[^1];

    public int Commits { get; private set; }

    public int Removals { get; private set; }

    /// <summary>What a live checkpoint names and the store does not hold; null when all is well.</summary>
    public string? Fault => State.Live.Concat(children.Values).SelectMany(manifest => manifest.Blobs).Where(blob => !blobs.Contains(blob.Key)).Select(blob => $"{blob} is gone").FirstOrDefault();

    /// <summary>Blobs that nobody needs.</summary>
    public IEnumerable<BlobKey> Garbage => blobs.Except(State.Live.SelectMany(manifest => manifest.Blobs).Select(blob => blob.Key));

    public void AnyStep()
    {
        var run = runs.Count == 0 ? null : runs.Values.ElementAt(random.Next(runs.Count));
        switch (random.Next(60))
        {
            case < 2:
                ChangeGang();
                break;
            case < 3:
                Decide(new EndLease(State.Epoch, FailureClass.Preempted, ""));
                break;
            case < 11 when run is not null:
                Train(run);
                break;
            case < 17 when run is not null:
                BeginToClear(run);
                break;
            case < 19:
                clearances.Add(new Clearance(CollectorView.OfJournal(journal[random.Next(journal.Count)]), [.. blobs]));
                break;
            case < 31 when clearances.Count > 0:
                Remove(clearances[random.Next(clearances.Count)]);
                break;
            case < 32 when clearances.Count > 0:
                Stop(clearances[random.Next(clearances.Count)]); // half-way
                break;
            case < 34:
                Pin();
                break;
            default:
                Deliver();
                break;
        }
    }

    /// <summary>All that is under way comes to its end; then somebody who has read the journal clears away.</summary>
    public void ComeToRest()
    {
        runs.Clear();
        network.Clear();
        clearances.Clear();
        if (State.Phase is TrialPhase.Running)
            Decide(new EndLease(State.Epoch, FailureClass.Preempted, ""));
        foreach (string child in children.Keys.ToList())
            Release(child);
        var view = CollectorView.OfJournal(State);
        blobs.RemoveWhere(view.IsGarbage);
    }

    private void ChangeGang()
    {
        var leader = Workers[random.Next(Workers.Length)];
        if (State.Phase is TrialPhase.Pending)
            Decide(new GrantLease([leader]));
        else
            Decide(new ChangeGang(State.Epoch, [leader], null, "", 0));
        CheckpointManifest[] checkpoints = [.. State.Live];
        long epoch = State.Epoch;
        bool isNew = random.Next(3) == 0; // else a worker that runs the trial already goes on with what it holds
        Send(() => Order(leader, epoch, checkpoints, isNew));
    }

    private void Order(WorkerId leader, long epoch, CheckpointManifest[] checkpoints, bool isNew)
    {
        if (runs.TryGetValue(leader, out var run) && epoch <= run.Epoch)
            return;
        if (run is not null && !isNew && run.Clearing is not null)
        {
            network.Add(() => Order(leader, epoch, checkpoints, isNew)); // it is busy
            return;
        }

        if (run is null || isNew)
        {
            // A run ends before the next one of the same worker begins, and with it whatever it was clearing away.
            if (run?.Clearing is { } unfinished)
                Stop(unfinished);
            runs[leader] = run = new Run(flaw) { Step = checkpoints.Length == 0 ? 0 : checkpoints[random.Next(checkpoints.Length)].Step };
        }

        run.Lead(epoch, checkpoints);
    }

    /// <summary>Some steps, and the checkpoint after them: put, then told.</summary>
    private void Train(Run run)
    {
        if (run.Clearing is { } clearing)
        {
            Remove(clearing); // in the same thread: that first
            return;
        }

        run.Step += random.Next(6) == 0 ? 0 : random.Next(1, 4); // none, where a new lease asks for the same once more
        BlobRef[] parts = [.. Enumerable.Range(0, 2).Select(i => new BlobRef($"part{i}", random.Next(6).ToString("x64"), 1, flaw is Flaw.OneSpace ? 0 : run.Epoch))];
        foreach (var part in parts)
            blobs.Add(part.Key);
        run.Stored(new CheckpointManifest(run.Step, parts, "cpu"));
        foreach (var manifest in run.Unanswered.ToList())
            Tell(run, manifest);
    }

    private void Tell(Run run, CheckpointManifest manifest)
    {
        long under = run.Epoch;
        Send(() =>
        {
            if (!Decide(new CommitCheckpoint(under, manifest)))
                return;
            int committed = flaw is Flaw.AnswersCount ? manifest.Step : State.CommittedStep;
            CheckpointManifest[] kept = flaw is Flaw.PinsForgotten ? [.. State.Checkpoints] : [.. State.Live];
            Send(() => run.Answered(under, committed, kept));
        });
    }

    private void Pin()
    {
        string child = $"trial-{random.Next(2, 5)}";
        if (children.ContainsKey(child))
            Release(child);
        else if (!State.Live.IsEmpty && Decide(new PinCheckpoint(child, State.Live[random.Next(State.Live.Length)].Step)) && State.Pins.TryGetValue(child, out var manifest))
            children[child] = manifest; // it reads the blobs at any time from now on
    }

    private void Release(string child)
    {
        children.Remove(child);
        Decide(new ReleaseCheckpoint(child));
    }

    private void BeginToClear(Run run)
    {
        if (run.Clearing is null)
            clearances.Add(run.Clearing = new Clearance(run.View(), [.. blobs]) { By = run });
    }

    private void Remove(Clearance clearance)
    {
        if (clearance.Next() is not { } key)
            Stop(clearance);
        else if (blobs.Remove(key))
            Removals++;
    }

    private void Stop(Clearance clearance)
    {
        clearances.Remove(clearance);
        if (clearance.By is { } run)
            run.Clearing = null;
    }

    /// <summary>Messages may be lost, doubled and late; those of one leader's order arrive in any order here, which is worse than the network.</summary>
    private void Send(Action message)
    {
        for (int copies = random.Next(8) switch { 0 => 0, 1 => 2, _ => 1 }; copies > 0; copies--)
            network.Add(message);
    }

    private void Deliver()
    {
        if (network.Count == 0)
            return;
        int which = random.Next(random.Next(8) == 0 ? network.Count : Math.Min(3, network.Count));
        var message = network[which];
        network.RemoveAt(which);
        message();
    }

    private bool Decide(ITrialCommand command)
    {
        var state = flaw is Flaw.NoFence ? State with { Fence = 0 } : State;
        var decision = TrialDecider.Decide(state, command);
        foreach (var @event in decision.Events.IsDefault ? [] : decision.Events)
        {
            journal.Add(TrialDecider.Apply(State, @event));
            Commits += @event is CheckpointCommitted ? 1 : 0;
        }

        return !decision.IsRefused;
    }

    /// <summary>A run of the trial in a worker; it does not know when it has been replaced.</summary>
    private sealed class Run(Flaw flaw)
    {
        private CheckpointBook book = CheckpointBook.Empty;

        public long Epoch { get; private set; }

        public int Step { get; set; }

        /// <summary>What its thread is busy with.</summary>
        public Clearance? Clearing { get; set; }

        public IEnumerable<CheckpointManifest> Unanswered => book.Pending;

        public void Lead(long epoch, CheckpointManifest[] checkpoints)
        {
            Epoch = epoch;
            book = book.Lead(epoch, checkpoints);
        }

        public void Stored(CheckpointManifest manifest) => book = book.Store(manifest);

        public void Answered(long epoch, int committed, CheckpointManifest[] kept) => book = (flaw is Flaw.LateAnswers ? book with { Epoch = -1, Answered = -1 } : book).Hear(epoch, committed, kept);

        public CollectorView View() => CollectorView.OfLeader(Epoch, flaw is Flaw.PendingForgotten ? book with { Pending = [] } : book);
    }

    /// <summary>Somebody clearing away, blob by blob, by the list and the view of the moment when it began.</summary>
    private sealed class Clearance(CollectorView view, IReadOnlyList<BlobKey> listed)
    {
        private readonly Queue<BlobKey> garbage = new(listed.Where(view.IsGarbage));

        /// <summary>Null for somebody who has read the journal.</summary>
        public Run? By { get; init; }

        public BlobKey? Next() => garbage.TryDequeue(out var key) ? key : null;
    }
}

/// <summary>Mistakes that the test must be able to find.</summary>
public enum Flaw
{
    None,

    /// <summary>All leaders put under the same names, so a condemned name comes to life again.</summary>
    OneSpace,

    /// <summary>A checkpoint counts whoever has led since its blobs were put.</summary>
    NoFence,

    /// <summary>What was stored and not yet committed is garbage.</summary>
    PendingForgotten,

    /// <summary>An answer counts whenever it comes.</summary>
    LateAnswers,

    /// <summary>An answer counts for all of its step, whether the journal took one or passed over it.</summary>
    AnswersCount,

    /// <summary>Leaders are not told of pins: parents are freed under their children.</summary>
    PinsForgotten,
}
