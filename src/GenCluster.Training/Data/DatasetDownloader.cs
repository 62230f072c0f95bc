using System.Net;
using System.Net.Http.Headers;
using GenCluster.Checkpoints;

namespace GenCluster.Training.Data;

/// <summary>How far a download is.</summary>
/// <param name="Total">Bytes in all; null when the server does not say.</param>
public readonly record struct DownloadProgress(string File, long Received, long? Total);

/// <summary>
/// Keeps files in a cache, and fetches those that are not there. A download goes to <c>FILE.part</c>, is taken up where
/// it was cut, and gets its name only when its content is what was expected. Processes that want the same file at the
/// same time wait for one of them to fetch it.
/// </summary>
public sealed class DatasetDownloader(HttpClient http)
{
    private const int FruitlessAttempts = 3;
    private static readonly TimeSpan LockInterval = TimeSpan.FromMilliseconds(200);

    /// <summary>A server that sends nothing for so long is given up.</summary>
    public TimeSpan LongestSilence { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Reads the file from the cache; downloads it first if it is not there or is damaged.</summary>
    /// <exception cref="DataException">It cannot be had.</exception>
    public IdxImages Open(Uri address, string path, IdxContent expected, IProgress<DownloadProgress>? progress, CancellationToken cancellation)
    {
        if (Cached(path, expected) is { } images)
            return images;
        try
        {
            DurableFile.CreateFolder(Path.GetDirectoryName(path)!);
            using var turn = WaitForTurn(path + ".lock", cancellation);
            return Cached(path, expected) ?? Fetch(address, path, expected, progress, cancellation);
        }
        catch (IOException e)
        {
            throw new DataException($"the download of {address} cannot be stored: {e.Message}", e);
        }
    }

    private static IdxImages? Cached(string path, IdxContent expected)
    {
        try
        {
            return File.Exists(path) ? IdxImages.Read(path, expected) : null;
        }
        catch (DataException)
        {
            return null; // a sound one takes its place
        }
    }

    private IdxImages Fetch(Uri address, string path, IdxContent expected, IProgress<DownloadProgress>? progress, CancellationToken cancellation)
    {
        string part = path + ".part";
        using (var file = DurableFile.Guard(part, () => new FileStream(part, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read, bufferSize: 0)))
        {
            Download(address, part, file, Limit(expected), progress, cancellation);
            DurableFile.Guard(part, () => file.Flush(flushToDisk: true));
        }

        try
        {
            var images = IdxImages.Read(part, expected);
            DurableFile.Rename(part, path);
            return images;
        }
        catch (DataException e)
        {
            DurableFile.Discard(part);
            throw new DataException($"what {address} serves is not the data set, and was removed again: {e.Message}", e);
        }
    }

    private void Download(Uri address, string part, FileStream file, long limit, IProgress<DownloadProgress>? progress, CancellationToken cancellation)
    {
        long most = file.Seek(0, SeekOrigin.End);
        int fruitless = 0;
        while (true)
        {
            try
            {
                if (Attempt(address, part, file, limit, progress, cancellation))
                    return;
            }
            catch (Exception e) when (e is HttpRequestException or BrokenConnectionException or OperationCanceledException)
            {
                cancellation.ThrowIfCancellationRequested();
                fruitless = file.Position > most ? 0 : fruitless + 1;
                most = Math.Max(most, file.Position);
                bool worthwhile = e is BrokenConnectionException && fruitless < FruitlessAttempts;
                if (!worthwhile)
                    throw Unreachable(address, e is OperationCanceledException ? "it does not answer" : e.Message, e);
            }
        }
    }

    /// <returns>Whether the file is complete; if not, the attempt is to be repeated.</returns>
    private bool Attempt(Uri address, string part, FileStream file, long limit, IProgress<DownloadProgress>? progress, CancellationToken cancellation)
    {
        using var silence = new CancellationTokenSource(LongestSilence);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(silence.Token, cancellation);
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        if (file.Position > 0)
            request.Headers.Range = new RangeHeaderValue(file.Position, null);
        using var response = http.Send(request, HttpCompletionOption.ResponseHeadersRead, stop.Token);

        bool refused = response.StatusCode is HttpStatusCode.RequestedRangeNotSatisfiable && file.Position > 0;
        if (!response.IsSuccessStatusCode && !refused)
            throw new HttpRequestException($"the server answers {(int)response.StatusCode} {response.ReasonPhrase}");

        bool continues = response.StatusCode is HttpStatusCode.PartialContent && response.Content.Headers.ContentRange?.From == file.Position;
        if (file.Position > 0 && !continues)
        {
            // The server has something shorter or other than we began with, or does not resume: from the beginning.
            DurableFile.Guard(part, () => file.SetLength(0));
            if (response.StatusCode is not HttpStatusCode.OK)
                return false;
        }

        // The body's stream knows no token; closing the response ends a read that waits.
        using var registration = stop.Token.Register(response.Dispose);
        long? total = file.Position + response.Content.Headers.ContentLength;
        string name = Path.GetFileName(address.AbsolutePath);
        var buffer = new byte[1 << 16];
        using var body = response.Content.ReadAsStream(stop.Token);
        for (int count; (count = Receive(body, buffer, stop.Token)) > 0; silence.CancelAfter(LongestSilence))
        {
            if (file.Position + count > limit)
            {
                DurableFile.Guard(part, () => file.SetLength(0));
                throw new DataException($"{address} serves more than the {limit} bytes that the data set can have; it was not stored");
            }

            DurableFile.Guard(part, () => file.Write(buffer, 0, count));
            progress?.Report(new DownloadProgress(name, file.Position, total));
        }

        return true;
    }

    private static int Receive(Stream body, byte[] buffer, CancellationToken stop)
    {
        try
        {
            return body.Read(buffer);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            throw new BrokenConnectionException(stop.IsCancellationRequested ? "the server fell silent" : "the connection breaks again and again", e);
        }
    }

    private static FileStream WaitForTurn(string path, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException e) when (DurableFile.IsInUse(e))
            {
                cancellation.WaitHandle.WaitOne(LockInterval);
                cancellation.ThrowIfCancellationRequested();
            }
            catch (Exception e) when (DurableFile.IsFailure(e))
            {
                throw DurableFile.Explain(path, e);
            }
        }
    }

    private static DataException Unreachable(Uri address, string reason, Exception e) => new(
        $"{address} cannot be downloaded: {reason.TrimEnd('.')}; install the Debian package dataset-fashion-mnist, or let data.path name a folder "
        + $"that holds the data, or {DatasetPlaces.MirrorVariable} a mirror, or use fashion-mnist-sample, which needs no network", e);

    // A packed file is hardly ever longer than its content.
    private static long Limit(IdxContent content) => (long)content.Count * content.Height * content.Width + (1 << 20);

    private sealed class BrokenConnectionException(string message, Exception inner) : Exception(message, inner);
}
