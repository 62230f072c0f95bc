using GenCluster.Core.Checkpoints;
using GenCluster.Core.Coordination;
using GenCluster.Core.Identity;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Trials;

namespace GenCluster.Server.Journals;

/// <summary>Replays all events of a database as their actors would, and notes what they would stumble over. No I/O.</summary>
public sealed class JournalFold
{
    private readonly Dictionary<string, long> last = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, SweepState> sweeps = new(StringComparer.Ordinal);
    private readonly Dictionary<TrialId, TrialState> trials = [];
    private readonly List<Finding> findings = [];

    /// <summary>How many events it was given.</summary>
    public int Count { get; private set; }

    public CoordinatorState Coordinator { get; private set; } = CoordinatorState.New;

    public IEnumerable<SweepState> Sweeps => sweeps.Values;

    public IEnumerable<TrialState> Trials => trials.Values.OrderBy(t => t.Trial.Sweep.Value, StringComparer.Ordinal).ThenBy(t => t.Trial.Number);

    /// <summary>The next event, in the order of all.</summary>
    public void Add(JournalEntry entry)
    {
        Count++;
        CheckSequence(entry);
        try
        {
            Apply(entry.Read(), entry);
        }
        catch (Exception e)
        {
            findings.Add(new Finding(Finding.EventUnreadable, $"{entry} cannot be replayed: {e.Message}"));
        }
    }

    /// <summary>What was found, once all events were added.</summary>
    public IReadOnlyList<Finding> Findings() => [.. findings, .. OutcomesThatDiffer()];

    private void CheckSequence(JournalEntry entry)
    {
        long expected = last.GetValueOrDefault(entry.PersistenceId) + 1;
        if (entry.Sequence > expected)
            findings.Add(new Finding(Finding.SequenceGap, $"{entry.PersistenceId} lacks {(entry.Sequence == expected + 1 ? $"event {expected}" : $"events {expected} to {entry.Sequence - 1}")}"));
        else if (entry.Sequence < expected)
            findings.Add(new Finding(Finding.SequenceRepeated, $"{entry} comes after event {expected - 1}: two coordinators have written"));
        last[entry.PersistenceId] = Math.Max(entry.Sequence, expected - 1);
    }

    private void Apply(object @event, JournalEntry entry)
    {
        switch (@event, entry.Owner)
        {
            case (ICoordinatorEvent e, JournalOwner.Coordinator):
                Coordinator = Coordinator.Apply(e);
                break;
            case (ISweepEvent e, JournalOwner.OfSweep o):
                sweeps[o.Sweep.Value] = SweepDecider.Apply(sweeps.GetValueOrDefault(o.Sweep.Value) ?? SweepState.New(o.Sweep), e);
                break;
            case (ITrialEvent e, JournalOwner.OfTrial o):
                trials[o.Trial] = TrialDecider.Apply(trials.GetValueOrDefault(o.Trial) ?? TrialState.New(o.Trial), e);
                break;
            case (IShelfEvent, JournalOwner.OfShelf):
                break; // what lies where; the trial's own journal says what is to be there
            default:
                findings.Add(new Finding(Finding.EventMisplaced, $"{entry} is none that belongs there"));
                break;
        }
    }

    /// <summary>A sweep records how its trials ended, as their own journals say.</summary>
    private IEnumerable<Finding> OutcomesThatDiffer() =>
        from sweep in sweeps.Values
        from trial in sweep.Trials.Values
        let own = trials.GetValueOrDefault(new TrialId(sweep.Sweep, trial.Number))?.Outcome
        where trial.Outcome is not null && trial.Outcome != own
        select new Finding(
            Finding.OutcomesDiffer, $"sweep {sweep.Sweep} says that its trial {trial.Number} {trial.Outcome!.Phase}, and the trial's own journal says {own?.Phase.ToString() ?? "nothing"}");
}
