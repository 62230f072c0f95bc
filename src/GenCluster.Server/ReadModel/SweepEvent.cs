using System.Text.Json;

namespace GenCluster.Server.ReadModel;

/// <summary>Something that is in the journal of a sweep or of one of its trials. What an event does not say is null.</summary>
/// <param name="Place">Its place in the journal: later events have higher ones, and none is given twice.</param>
/// <param name="At">When it was written.</param>
/// <param name="What">Its kind, e.g. <c>trial-proposed</c>. New kinds may come.</param>
/// <param name="Trial">The trial it is about; null: the sweep.</param>
/// <param name="State">The state that the sweep or the trial is in from now on; null: as before.</param>
/// <param name="Message">Why, for people.</param>
/// <param name="Step">The step that it is about.</param>
/// <param name="Objective">At the end of a trial.</param>
/// <param name="Metrics">Name and value of each metric of an evaluation; null for a value that is not finite.</param>
/// <param name="Workers">The gang from now on.</param>
/// <param name="Parameters">Path of each searched hyperparameter, its value.</param>
public sealed record SweepEvent(
    long Place,
    DateTimeOffset At,
    string What,
    long? Trial = null,
    string? State = null,
    string? Message = null,
    long? Step = null,
    double? Objective = null,
    IReadOnlyDictionary<string, double?>? Metrics = null,
    IReadOnlyList<string>? Workers = null,
    JsonElement? Parameters = null);

/// <summary>Events of a sweep in the order of the journal.</summary>
/// <param name="Place">From here on the next page begins.</param>
/// <param name="More">Whether there are more already.</param>
/// <param name="IsOver">Whether the sweep and its trials have ended and all of it has been told.</param>
/// <param name="State">Of the sweep.</param>
public sealed record SweepEventPage(IReadOnlyList<SweepEvent> Events, long Place, bool More, bool IsOver, string State);
