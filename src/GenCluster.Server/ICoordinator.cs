using GenCluster.Core.Identity;
using GenCluster.Core.Sweeps;

namespace GenCluster.Server;

/// <summary>What the faces of GenCluster (command, API) may ask of a coordinator.</summary>
public interface ICoordinator : IAsyncDisposable
{
    /// <summary>What workers dial: <c>akka.tcp://gencluster@127.0.0.1:4053</c>.</summary>
    string Address { get; }

    /// <summary>
    /// Accepts a sweep, or goes on with the one of that name if it is the same. When the task ends, it is in the journal.
    /// </summary>
    Task<SubmitAnswer> SubmitAsync(SweepSpec spec, CancellationToken cancellation);

    /// <summary>Does something to a sweep, or to one of its trials. When the task ends, it is in the journal.</summary>
    /// <param name="trial">Null: the sweep.</param>
    /// <param name="by">Who asks, for the record.</param>
    /// <returns>Null when it was done, or was so already; else why not.</returns>
    Task<string?> ControlAsync(SweepId sweep, int? trial, Verb verb, string by, CancellationToken cancellation);

    /// <summary>Changes a sweep's specification. When the task ends, it is in the journal.</summary>
    /// <param name="version">Of the specification that was changed into <paramref name="spec"/>.</param>
    /// <param name="by">Who asks, for the record.</param>
    Task<EditAnswer> EditAsync(SweepId sweep, int version, SweepSpec spec, string by, CancellationToken cancellation);

    /// <summary>The sweep's newest view, again whenever it changed; ends after the view in which the sweep has ended or halted.</summary>
    IAsyncEnumerable<SweepView> WatchAsync(SweepId sweep, CancellationToken cancellation);

    /// <summary>
    /// Stops placing work and asks every worker to finish its step, checkpoint and give its lease back. Ends when all
    /// have, or when cancelled.
    /// </summary>
    Task DrainAsync(CancellationToken cancellation);

    /// <summary>Ends, with a sentence for people, when the coordinator cannot go on (its journal cannot be written, say).</summary>
    Task<string> Fault { get; }
}

/// <summary>The answer to a submission.</summary>
/// <param name="Refusal">Null when accepted; else why not and what to do.</param>
/// <param name="Resumed">Whether the sweep was there already.</param>
public sealed record SubmitAnswer(string? Refusal, bool Resumed);

/// <summary>The answer to a change.</summary>
/// <param name="Refusal">Null when it was taken; else why not and what to do.</param>
/// <param name="Version">Of the specification that is in force now; 0 when there is no such sweep.</param>
public sealed record EditAnswer(string? Refusal, int Version);
