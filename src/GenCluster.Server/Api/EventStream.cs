using System.Text.Json;
using GenCluster.Actors.Coordination;
using GenCluster.Core.Identity;
using GenCluster.Core.Sweeps;
using GenCluster.Server.ReadModel;
using Microsoft.AspNetCore.Http;

namespace GenCluster.Server.Api;

/// <summary>
/// One client that follows a sweep. Events of the journal are read as the client takes them, a page at a time, so a slow client
/// costs no memory; each has its place as id, so that who was cut off goes on after the last one it saw. In between there are
/// <c>progress</c> messages, which only the coordinator's own node has and which nobody misses: the newest is told, at most
/// once a second.
/// </summary>
internal sealed class EventStream(HttpContext context, SweepId sweep, CoordinatorClient coordinator, Reads reads, ApiOptions options, TimeProvider time) : IAsyncDisposable
{
    public const string ContentType = "text/event-stream";

    /// <summary>Follows the place in the id of the last message, so that who has seen it is told apart from who has not.</summary>
    public const string End = "-end";

    private const int Page = 100;
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromSeconds(1);

    private readonly CancellationToken gone = context.RequestAborted;
    private SweepView? newest;
    private SweepView? told;
    private IDisposable? watching;
    private long lastWrite, lastProgress;

    /// <summary>Ends when all is told of a sweep that is over, or the client is gone.</summary>
    public async Task SendAsync(long place)
    {
        context.Response.ContentType = ContentType;
        await WriteAsync($"retry: {Retry.TotalMilliseconds:0}\n\n");
        long began = time.GetTimestamp();
        while (!gone.IsCancellationRequested && !(time.GetElapsedTime(began) >= options.StreamTime)) // the client comes again, and is looked at again
        {
            var page = await NextAsync(place);
            foreach (var one in page?.Events ?? [])
                await WriteAsync($"id: {one.Place}\ndata: {JsonSerializer.Serialize(one, ApiJson.Options)}\n\n");
            place = page?.Place ?? place;
            if (page is { More: true })
                continue;
            if (page is { IsOver: true })
            {
                await WriteAsync($"id: {place}{End}\nevent: end\ndata: {JsonSerializer.Serialize(new SweepOver(page.State), ApiJson.Options)}\n\n");
                return;
            }

            await TellProgressAsync();
            if (time.GetElapsedTime(lastWrite) >= options.Heartbeat)
                await WriteAsync(": still here\n\n");
            await Task.Delay(options.EventPause, time, gone);
        }
    }

    public ValueTask DisposeAsync()
    {
        watching?.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>The next events; null when the database does not answer, which the client waits out.</summary>
    private async Task<SweepEventPage?> NextAsync(long place)
    {
        try
        {
            return await reads.AskAsync(q => q.Events(sweep.Value, place, Page), gone);
        }
        catch (ReadFailedException)
        {
            return null;
        }
    }

    private async Task TellProgressAsync()
    {
        Watch();
        var view = Volatile.Read(ref newest);
        if (view is null || view == told || time.GetElapsedTime(lastProgress) < ProgressInterval)
            return;
        told = view;
        lastProgress = time.GetTimestamp();
        await WriteAsync($"event: progress\ndata: {JsonSerializer.Serialize(SweepProgress.Of(view), ApiJson.Options)}\n\n");
    }

    /// <summary>Views do not travel between nodes.</summary>
    private void Watch()
    {
        if (coordinator.IsHere)
        {
            watching ??= coordinator.Watch(sweep, view => Volatile.Write(ref newest, view));
            return;
        }

        watching?.Dispose();
        watching = null;
    }

    private async Task WriteAsync(string text)
    {
        await context.Response.WriteAsync(text, gone);
        await context.Response.Body.FlushAsync(gone);
        lastWrite = time.GetTimestamp();
    }
}
