using System.Globalization;
using GenCluster.Actors.Serialization;
using GenCluster.Core.Parameters;
using GenCluster.Core.Search;
using GenCluster.Core.Sweeps;

namespace GenCluster.Cli.Replaying;

/// <summary>A sweep's event for people and for programs, with every digit: two that differ look different.</summary>
/// <param name="Kind">As in the journal, without the version, e.g. <c>trial-proposed</c>.</param>
/// <param name="Text">What it says, for people.</param>
/// <param name="Until">The step at which the trial waits next; null: none.</param>
/// <param name="Successor">The trial that takes this one's place, with <paramref name="Parameters"/>, from <paramref name="Parent"/>'s checkpoint.</param>
internal sealed record ToldEvent(
    string Kind,
    int? Trial,
    string Text,
    Assignment? Parameters = null,
    int? Until = null,
    Ruling? Ruling = null,
    int? Successor = null,
    int? Parent = null,
    int? ParentStep = null)
{
    public static ToldEvent Of(ISweepEvent @event)
    {
        string kind = Manifests.Find(@event.GetType())!.Split('/')[0];
        return @event switch
        {
            TrialProposed e => new(kind, e.Number, e.Until is { } until ? Invariant($"{e.Assignment}, waits at step {until}") : $"{e.Assignment}", e.Assignment, e.Until),
            TrialJudged e => new(kind, e.Number, $"stops: {Words(e.Ruling)}", Ruling: Finite(e.Ruling)),
            TrialMoved { Move: Move.Resume m } => new(kind, m.Trial, Invariant($"trains on to step {m.Until}"), Until: m.Until),
            TrialMoved { Move: Move.Prune m } => new(kind, m.Trial, $"ends: {Words(m.Ruling)}", Ruling: Finite(m.Ruling)),
            TrialMoved { Move: Move.Replace m } e => new(kind, m.Trial, Words(m, e.Successor), m.Assignment, m.Until, Finite(m.Ruling), e.Successor, m.Parent, m.ParentStep),
            SearchExhausted => new(kind, null, "the search has nothing more to propose"),
            TargetReached e => new(kind, e.Number, e.Message),
            TrialReported e => new(kind, e.Number, Invariant($"step {e.Report.Step}: {string.Join(' ', e.Report.Metrics.Select(m => Invariant($"{m.Name}={m.Value:R}")))}")),
            TrialEnded e => new(kind, e.Number, $"{e.Outcome.Phase}"),
            SweepEnded e => new(kind, null, e.Reason.Length > 0 ? $"{e.Phase}: {e.Reason}" : $"{e.Phase}"),
            _ => new(kind, null, ""),
        };
    }

    /// <summary><c>trial-proposed, trial 3: rate=0.25</c></summary>
    public override string ToString() => (Trial is { } trial ? Invariant($"{Kind}, trial {trial}") : Kind) + (Text.Length > 0 ? $": {Text}" : "");

    private static string Words(Move.Replace move, int? successor) => Invariant(
        $"gives way to trial {successor} with {move.Assignment}, from trial {move.Parent} at step {move.ParentStep}, waits at step {move.Until}: {Words(move.Ruling)}");

    private static string Words(Ruling ruling)
    {
        string value = ruling.Value is { } v ? Invariant($", value {v:R}") : "", cutoff = ruling.Cutoff is { } c ? Invariant($", cutoff {c:R}") : "";
        return Invariant($"{ruling.Reason} (step {ruling.Step}{value}{cutoff}, among {ruling.Among})");
    }

    // JSON has no other numbers.
    private static Ruling Finite(Ruling ruling) => ruling with { Value = Finite(ruling.Value), Cutoff = Finite(ruling.Cutoff) };

    private static double? Finite(double? value) => value is { } number && double.IsFinite(number) ? number : null;

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
