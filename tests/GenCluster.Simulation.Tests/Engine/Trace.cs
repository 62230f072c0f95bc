using System.Globalization;
using System.Text;
using GenCluster.Actors.Protocol;

namespace GenCluster.Simulation.Tests.Engine;

/// <summary>What happened, for people to read after a violation, and its hash: equal runs have equal ones.</summary>
internal sealed class Trace(Timeline timeline)
{
    private static readonly int Kept = Seeds.Single is null ? 400 : int.MaxValue; // all of it for a person who looks for a reason

    private readonly Queue<Entry> entries = [];

    /// <summary>Over everything that was noted.</summary>
    public ulong Hash { get; private set; }

    public int Count { get; private set; }

    /// <summary>How often each thing happened: what was done, and with what kind of subject.</summary>
    public Dictionary<(string What, string Subject), int> Tally { get; } = [];

    /// <param name="bytes">The subject as it travels or is stored; what it says goes into the hash.</param>
    public void Note(string what, string who, string whom = "", object? subject = null, ReadOnlySpan<byte> bytes = default)
    {
        Count++;
        var kind = (what, subject is null or string ? "" : subject.GetType().Name);
        Tally[kind] = Tally.GetValueOrDefault(kind) + 1;
        Hash = StableHash.Mix(Hash, (ulong)timeline.Now.Ticks);
        Hash = StableHash.Mix(Hash, StableHash.Of(what) ^ (3 * StableHash.Of(who)) ^ (5 * StableHash.Of(whom)));
        if (bytes.Length > 0 && subject is not ToWorker.RunTrial) // that one holds a secret, which no seed gives
            Hash = StableHash.Mix(Hash, StableHash.Of(bytes));
        else if (subject is string text)
            Hash = StableHash.Mix(Hash, StableHash.Of(text));
        entries.Enqueue(new Entry(timeline.Now, what, who, whom, subject));
        if (entries.Count > Kept)
            entries.Dequeue();
    }

    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var entry in entries.Where(e => e.Subject is not (FromWorker.Heartbeat or ToWorker.HeartbeatAck)))
        {
            text.Append(CultureInfo.InvariantCulture, $"{entry.Time.TotalSeconds,9:0.0000} {entry.Who,-6} {entry.What,-9} {entry.Whom,-6} ");
            text.AppendLine(Describe(entry.Subject));
        }

        return text.ToString();
    }

    private static string Describe(object? subject) => subject switch
    {
        null => "",
        string text => text,
        ToWorker.RunTrial m => $"RunTrial {m.Order.Lease} member {m.Order.Member} of {string.Join(",", m.Order.Members.Select(w => w.Worker))}"
            + $"{(m.Order.Forced ? " forced" : "")}, checkpoints {Steps(m.Order.Checkpoints)}, reported {string.Join(",", m.Order.Reported ?? [])}, by {m.Epoch}",
        ToWorker.CheckpointAccepted m => $"CheckpointAccepted {m.Lease} {m.Step}, kept {Steps(m.Kept)}",
        FromWorker.CheckpointStored m => $"CheckpointStored {m.Lease} {m.Manifest.Step}",
        FromWorker.EvaluationReported m => $"EvaluationReported {m.Lease} {m.Report.Step}",
        Core.Trials.TrialCreated m => $"TrialCreated {m.Definition.Trial}",
        Core.Trials.LeaseGranted m => $"LeaseGranted {m.Epoch} to {string.Join(",", m.Members)}",
        Core.Trials.GangChanged m => $"GangChanged {m.Epoch} to {string.Join(",", m.Members)}: {m.Cause} {m.Message}, step {m.Step}",
        Core.Trials.CheckpointCommitted m => $"CheckpointCommitted {m.Epoch} {m.Manifest.Step}",
        Core.Trials.MetricsReported m => $"MetricsReported {m.Epoch} {m.Report.Step}",
        Core.Sweeps.SweepSubmitted => "SweepSubmitted",
        _ => subject.ToString()!,
    };

    private static string Steps(IEnumerable<Core.Checkpoints.CheckpointManifest> checkpoints) => $"[{string.Join(",", checkpoints.Select(c => c.Step))}]";

    private readonly record struct Entry(TimeSpan Time, string What, string Who, string Whom, object? Subject);
}
