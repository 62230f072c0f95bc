using System.Net;
using System.Text.Json;
using GenCluster.Server.Api;
using GenCluster.Server.ReadModel;

namespace GenCluster.Server.Tests.Support;

/// <summary>A message of an event stream: a comment has neither data nor name.</summary>
internal sealed record StreamMessage(string? Id, string? Name, string? Data, string? Comment)
{
    public SweepEvent Event => JsonSerializer.Deserialize<SweepEvent>(Data!, ApiJson.Options)!;
}

/// <summary>Reads an event stream as a browser does (WHATWG HTML, section 9.2.6).</summary>
internal sealed class EventReader(HttpResponseMessage answer, StreamReader lines) : IDisposable
{
    public static async Task<EventReader> OpenAsync(HttpClient http, string path, string? last, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (last is not null)
            request.Headers.Add("Last-Event-ID", last);
        var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        return new EventReader(answer, new StreamReader(await answer.Content.ReadAsStreamAsync(cancellation)));
    }

    /// <summary>The next message; null when the stream has ended.</summary>
    public async Task<StreamMessage?> NextAsync(CancellationToken cancellation)
    {
        string? id = null, name = null, data = null, comment = null;
        while (await lines.ReadLineAsync(cancellation) is { } line)
        {
            if (line.Length == 0)
            {
                if (data is not null || comment is not null)
                    return new StreamMessage(id, name, data, comment);
                continue;
            }

            int colon = line.IndexOf(':', StringComparison.Ordinal);
            string value = line[(colon + 1)..].TrimStart();
            switch (line[..colon])
            {
                case "id":
                    id = value;
                    break;
                case "event":
                    name = value;
                    break;
                case "data":
                    data = value;
                    break;
                case "":
                    comment = value;
                    break;
            }
        }

        return null;
    }

    public void Dispose()
    {
        lines.Dispose();
        answer.Dispose();
    }
}
