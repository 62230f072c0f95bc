using System.Text.Json;
using System.Text.Json.Serialization;
using Akka.Event;

namespace GenCluster.Server.Access;

/// <summary>
/// A line of the audit trail: one object of JSON, in which whatever a client wrote is a text and nothing else. It has no
/// secret: no header, no query, no body is in it.
/// </summary>
/// <param name="Event"><c>change</c>: a caller changed something. <c>refusal</c>: a request was not served. <c>files</c>: a file of rules changed, or is broken.</param>
/// <param name="Who">Null: not known.</param>
/// <param name="Route">The endpoint's pattern; null: there is none.</param>
/// <param name="Code">Of the problem that was the answer.</param>
/// <param name="Why">Why a credential was not accepted, which the client is not told; or a message about a file.</param>
/// <param name="Reason">What the client said why it asks.</param>
/// <param name="More">So many lines like this one were left out before it.</param>
internal sealed record AuditLine(
    string Event, string? Who = null, string? Role = null, string? From = null, string? Method = null, string? Route = null, string? Path = null,
    int? Status = null, string? Code = null, string? Why = null, string? Reason = null, int? More = null);

/// <summary>
/// Who changed what, and what was refused, as lines of the log. Changes are all there. Of refusals that are alike (same
/// caller, address, endpoint and answer) a few in a minute are, then how many there were.
/// </summary>
internal sealed class AuditTrail(ILoggingAdapter log, TimeProvider time, int alike)
{
    private const int MaxKinds = 1_024;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    private readonly Lock one = new();
    private readonly Dictionary<AuditLine, Count> counts = [];

    public void Changed(AuditLine line) => log.Info("{0}", JsonSerializer.Serialize(line, Json));

    public void Refused(AuditLine line)
    {
        if (Counted(line with { Method = null, Path = null, Reason = null }) is { } before)
            log.Warning("{0}", JsonSerializer.Serialize(line with { More = before > 0 ? before : null }, Json));
    }

    public void Told(string message) => log.Warning("{0}", JsonSerializer.Serialize(new AuditLine("files", Why: message), Json));

    /// <summary>How many were left out before it; null: it is left out, too.</summary>
    private int? Counted(AuditLine kind)
    {
        lock (one)
        {
            if (!counts.TryGetValue(kind, out var count) || time.GetElapsedTime(count.Since) >= Window)
            {
                int before = count?.LeftOut ?? 0;
                if (count is null && counts.Count >= MaxKinds)
                    Forget();
                counts[kind] = new Count(time.GetTimestamp(), 1, 0);
                return before;
            }

            bool isShown = count.Shown < alike;
            counts[kind] = isShown ? count with { Shown = count.Shown + 1 } : count with { LeftOut = count.LeftOut + 1 };
            return isShown ? 0 : null;
        }
    }

    /// <summary>Tells what was left out, so that nothing is lost with the counts.</summary>
    private void Forget()
    {
        foreach (var (kind, count) in counts.Where(c => c.Value.LeftOut > 0))
            log.Warning("{0}", JsonSerializer.Serialize(kind with { More = count.LeftOut }, Json));
        counts.Clear();
    }

    private sealed record Count(long Since, int Shown, int LeftOut);
}
