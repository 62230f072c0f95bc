using GenCluster.Core.Decisions;

namespace GenCluster.Core.Tests.Support;

internal static class DecisionAssertions
{
    public static void Then<TEvent>(this Decision<TEvent> decision, params TEvent[] events)
    {
        decision.Refusal.ShouldBeNull();
        decision.Events.ShouldBe(events);
    }

    /// <summary>Accepted, and nothing to persist: it was seen before.</summary>
    public static void ThenNothing<TEvent>(this Decision<TEvent> decision) => decision.Then();

    public static void ThenRefused<TEvent>(this Decision<TEvent> decision, RefusalCode code, string reason)
    {
        decision.IsRefused.ShouldBeTrue();
        decision.Refusal.ShouldBe(new Refusal(code, reason));
        decision.Events.ShouldBeEmpty();
    }

    /// <summary>The decision in a word, for tables: the names of its events, <c>nothing</c>, or the code of the refusal.</summary>
    public static string InAWord<TEvent>(this Decision<TEvent> decision) =>
        decision.Refusal is { } refusal ? $"!{refusal.Code}"
        : decision.Events.IsEmpty ? "nothing"
        : string.Join('+', decision.Events.Select(e => e!.GetType().Name));
}
