using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace GenCluster.EndToEnd.Tests.Support;

/// <summary>Answers a scrape with a text that never changes: for what the machine of the tests does not have.</summary>
internal sealed class TextExporter : IAsyncDisposable
{
    private readonly WebApplication server;

    private TextExporter(WebApplication server) => this.server = server;

    /// <summary>Host and port.</summary>
    public string Address => new Uri(server.Urls.Single()).Authority;

    public static async Task<TextExporter> StartAsync(string text)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var server = builder.Build();
        server.Urls.Add("http://127.0.0.1:0");
        server.MapGet("/metrics", () => text);
        await server.StartAsync();
        return new TextExporter(server);
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();
}
