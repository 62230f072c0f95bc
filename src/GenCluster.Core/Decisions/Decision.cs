using System.Collections.Immutable;

namespace GenCluster.Core.Decisions;

/// <summary>Why a command was not accepted, as a code for programs and a sentence for people.</summary>
public sealed record Refusal(RefusalCode Code, string Reason);

/// <summary>The closed set of reasons a decider refuses a command.</summary>
public enum RefusalCode
{
    /// <summary>The command carries an epoch that is no longer, or not yet, valid.</summary>
    StaleEpoch,

    /// <summary>The command does not fit the state the subject is in.</summary>
    WrongState,

    /// <summary>The name is taken by something that differs.</summary>
    Conflict,

    /// <summary>The subject of the command is not known.</summary>
    Unknown,
}

/// <summary>
/// What a decider answers to a command: the events to persist (none when the command was seen before), or a refusal.
/// </summary>
public readonly record struct Decision<TEvent>(ImmutableArray<TEvent> Events, Refusal? Refusal)
{
    public bool IsRefused => Refusal is not null;

    public static Decision<TEvent> Accept(params ReadOnlySpan<TEvent> events) => new([.. events], null);

    public static Decision<TEvent> Refuse(RefusalCode code, string reason) => new([], new Refusal(code, reason));
}
