using GenCluster.Core.Parameters;
using MessagePack;

namespace GenCluster.Core.Search;

/// <summary>
/// Decides while trials run which of them go on: pure functions of the history, as a sampler is, and independent of it.
/// A scheduler that stops trials judges each report. One that lets trials wait for each other gives them milestones: a trial
/// trains exactly to its milestone, is evaluated and stored there, and waits until <see cref="Arrange"/> moves it.
/// </summary>
public interface IScheduler
{
    /// <summary>The name in a sweep file, e.g. <c>asha</c>.</summary>
    string Name { get; }

    /// <summary>The step at which a new trial waits for the first time; null: it runs through.</summary>
    int? FirstMilestone(SearchHistory history, int trial) => null;

    /// <summary>
    /// Whether a running trial is to stop because of a report, which is the last one in <see cref="SearchHistory.Reports"/>.
    /// Called once for each report but that of a trial's last step. A value that is not finite has been dealt with before.
    /// </summary>
    /// <returns>Why it stops, or null: it goes on.</returns>
    Ruling? Judge(SearchHistory history, SearchRandom random) => null;

    /// <summary>
    /// What becomes of trials that wait (<see cref="Sweeps.TrialRecord.WaitsAt"/>). Called again after each change until it
    /// gives nothing.
    /// </summary>
    /// <remarks>
    /// No trial waits for ever. A scheduler that waits for others counts on those that are at work, and on those that are still
    /// to be proposed by <see cref="SearchHistory.MaxTrials"/>; one that is over is not waited for. When none is at work, none
    /// is proposed and this gives nothing although there are places, the sweep prunes what still waits.
    /// </remarks>
    /// <param name="free">Trials that may be set to work now. <see cref="Move.Resume"/> and <see cref="Move.Replace"/> use one each.</param>
    IReadOnlyList<Move> Arrange(SearchHistory history, int free, SearchRandom random) => [];
}

/// <summary>Why a trial was stopped, with the numbers that decided it.</summary>
/// <param name="Step">The rung, or the step that was judged.</param>
/// <param name="Reason">A sentence for people.</param>
/// <param name="Value">The trial's value that was judged; null when there was none.</param>
/// <param name="Among">Values that it was compared with, its own included.</param>
/// <param name="Cutoff">The value it had to reach; null when there was none.</param>
[MessagePackObject]
public sealed record Ruling(
    [property: Key(0)] int Step,
    [property: Key(1)] string Reason,
    [property: Key(2)] double? Value = null,
    [property: Key(3)] int Among = 0,
    [property: Key(4)] double? Cutoff = null);

/// <summary>What becomes of a trial that waits at a milestone. Stored in the journal.</summary>
[Union(0, typeof(Resume))]
[Union(1, typeof(Prune))]
[Union(2, typeof(Replace))]
public abstract record Move
{
    /// <summary>It trains on.</summary>
    /// <param name="Until">The next milestone; the trial's last step when there is none.</param>
    [MessagePackObject]
    public sealed record Resume([property: Key(0)] int Trial, [property: Key(1)] int Until) : Move;

    /// <summary>It ends here.</summary>
    [MessagePackObject]
    public sealed record Prune([property: Key(0)] int Trial, [property: Key(1)] Ruling Ruling) : Move;

    /// <summary>It ends here, and a new trial goes on in its place from a checkpoint of another one.</summary>
    /// <param name="Parent">The trial whose weights are inherited.</param>
    /// <param name="ParentStep">
    /// A milestone of the parent: one of its two newest. While its checkpoint is not committed, which can be a moment after its
    /// report, the move is left out and will be given again.
    /// </param>
    /// <param name="Until">The new trial's first milestone.</param>
    [MessagePackObject]
    public sealed record Replace(
        [property: Key(0)] int Trial,
        [property: Key(1)] Ruling Ruling,
        [property: Key(2)] int Parent,
        [property: Key(3)] int ParentStep,
        [property: Key(4)] Assignment Assignment,
        [property: Key(5)] int Until) : Move;
}
