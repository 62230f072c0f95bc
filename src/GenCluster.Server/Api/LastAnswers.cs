using System.Diagnostics.CodeAnalysis;

namespace GenCluster.Server.Api;

/// <summary>An answer as it went out.</summary>
/// <param name="Tag">Its entity tag; null when it has none.</param>
/// <param name="At">When, by the clock of whoever keeps it.</param>
internal sealed record KeptAnswer(byte[] Body, string? Tag, DateTimeOffset At);

/// <summary>
/// The last answers to the questions that were asked last, so that whoever asks again is not left without one while the
/// database is away (stale-if-error, RFC 5861 section 4). They take no more than so many bytes: what was asked longest ago goes.
/// </summary>
internal sealed class LastAnswers(long capacity)
{
    private readonly Dictionary<string, LinkedListNode<(string Question, KeptAnswer Answer)>> byQuestion = new(StringComparer.Ordinal);
    private readonly LinkedList<(string Question, KeptAnswer Answer)> byAge = [];
    private readonly Lock gate = new();
    private long size;

    /// <summary>Keeps an answer in place of an older one; one that would take half of the room is not kept.</summary>
    public void Keep(string question, KeptAnswer answer)
    {
        lock (gate)
        {
            Drop(question);
            if (SizeOf(question, answer) > capacity / 2)
                return;
            byQuestion[question] = byAge.AddLast((question, answer));
            size += SizeOf(question, answer);
            while (size > capacity)
                Drop(byAge.First!.Value.Question);
        }
    }

    public bool Find(string question, [NotNullWhen(true)] out KeptAnswer? answer)
    {
        lock (gate)
        {
            answer = byQuestion.TryGetValue(question, out var node) ? node.Value.Answer : null;
            if (answer is null)
                return false;
            byAge.Remove(node!);
            byAge.AddLast(node!);
            return true;
        }
    }

    /// <summary>There is no such thing any more.</summary>
    public void Forget(string question)
    {
        lock (gate)
            Drop(question);
    }

    private void Drop(string question)
    {
        if (!byQuestion.Remove(question, out var node))
            return;
        byAge.Remove(node);
        size -= SizeOf(question, node.Value.Answer);
    }

    private static long SizeOf(string question, KeptAnswer answer) => answer.Body.Length + (2 * question.Length) + 200; // about what the rest takes
}
