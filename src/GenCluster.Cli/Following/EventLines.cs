using System.Runtime.CompilerServices;

namespace GenCluster.Cli.Following;

/// <summary>A message of an event stream.</summary>
/// <param name="Id">Null: the one before is still the last.</param>
/// <param name="Name">Null: an event of the journal.</param>
internal sealed record StreamMessage(string? Id, string? Name, string Data);

/// <summary>Cuts an event stream into messages (WHATWG HTML, section 9.2.6). What is unknown in it is passed over.</summary>
internal static class EventLines
{
    /// <param name="heard">Called for every line, also those that only show that somebody is there.</param>
    public static async IAsyncEnumerable<StreamMessage> ReadAsync(StreamReader lines, Action heard, [EnumeratorCancellation] CancellationToken cancellation)
    {
        string? id = null, name = null, data = null;
        while (await lines.ReadLineAsync(cancellation) is { } line)
        {
            heard();
            if (line.Length == 0)
            {
                if (data is not null)
                    yield return new StreamMessage(id, name, data);
                id = name = data = null;
                continue;
            }

            int colon = line.IndexOf(':', StringComparison.Ordinal);
            string field = colon < 0 ? line : line[..colon], value = colon < 0 ? "" : line[(colon + 1)..];
            value = value.StartsWith(' ') ? value[1..] : value;
            switch (field)
            {
                case "id":
                    id = value;
                    break;
                case "event":
                    name = value;
                    break;
                case "data":
                    data = data is null ? value : data + "\n" + value;
                    break;
            }
        }
    }
}
