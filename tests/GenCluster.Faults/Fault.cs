using System.Diagnostics.Tracing;
using System.Globalization;
using System.Text.RegularExpressions;

namespace GenCluster.Faults;

/// <summary>What is to happen to a process, and at which event: <c>kill GenCluster-Training/Phase[phase=forward]:3</c>.</summary>
/// <param name="Action">
/// <c>kill</c> ends the process with SIGKILL before the event's writer goes on, <c>stop</c> freezes it with SIGSTOP, <c>cut</c> takes it
/// off the network for some time, <c>impair</c> makes its network a bad one, <c>deafen</c> makes the connections that it has deaf for good,
/// <c>note</c> only tells.
/// </param>
/// <param name="Milliseconds">How long; 0 where that is not this fault's to say.</param>
/// <param name="Field">A field of the event that must have a value, or null.</param>
/// <param name="Count">Which of these events: the first is 1.</param>
/// <param name="Process">The one process that it is meant for; null: whoever comes to it first.</param>
internal sealed partial record Fault(string Action, int Milliseconds, string Source, string Event, string? Field, string? Value, int Count, string? Process)
{
    public const string Kill = "kill", Stop = "stop", Cut = "cut", Impair = "impair", Deafen = "deafen", Note = "note";

    /// <exception cref="FormatException">It is no fault.</exception>
    public static Fault Parse(string text)
    {
        var match = Form().Match(text.Trim());
        if (!match.Success)
            throw new FormatException($"'{text.Trim()}' is no fault; write one like 'kill GenCluster-Training/Phase[phase=forward]:3 in worker-2'");
        return new Fault(
            match.Groups["action"].Value,
            match.Groups["time"].Success ? NumberOf(match.Groups["time"]) : 0,
            match.Groups["source"].Value, match.Groups["event"].Value,
            ValueOf(match.Groups["field"]), ValueOf(match.Groups["value"]),
            NumberOf(match.Groups["count"]), ValueOf(match.Groups["process"]));
    }

    public bool IsAt(EventWrittenEventArgs written)
    {
        if (written.EventName != Event || written.EventSource.Name != Source)
            return false;
        if (Field is null)
            return true;
        int field = written.PayloadNames!.IndexOf(Field);
        return field >= 0 && string.Equals(Convert.ToString(written.Payload![field], CultureInfo.InvariantCulture), Value, StringComparison.Ordinal);
    }

    private static int NumberOf(Group group) => int.Parse(group.Value, CultureInfo.InvariantCulture);

    private static string? ValueOf(Group group) => group.Success ? group.Value : null;

    [GeneratedRegex(@"^(?<action>kill|stop|cut|impair|deafen|note)( (?<time>\d+)ms)? (?<source>[\w-]+)/(?<event>\w+)(\[(?<field>\w+)=(?<value>[^\]]*)\])?:(?<count>\d+)( in (?<process>\S+))?$")]
    private static partial Regex Form();
}
