using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Xml.Linq;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace GenCluster.Checkpoints.Tests.S3;

/// <summary>
/// An S3 server in this process, over real connections, with path-style addresses: signatures and checksums are verified, objects
/// appear whole, uploads in parts are kept apart until they are completed, listings come in pages. It fails on request.
/// </summary>
internal sealed class S3Peer : IAsyncDisposable
{
    public const string Bucket = "bucket", AccessKey = "AKIATEST", Secret = "a secret/of+the tests";

    private const int SmallestPart = 5 * 1024 * 1024;
    private static readonly XNamespace Names = "http://s3.amazonaws.com/doc/2006-03-01/";

    private readonly WebApplication server;
    private readonly CancellationTokenSource stopping = new();
    private int uploads;

    private S3Peer()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
            kestrel.Limits.MaxRequestBodySize = null;
        });
        server = builder.Build();
        server.Run(ServeAsync);
    }

    public ConcurrentDictionary<string, byte[]> Objects { get; } = new(StringComparer.Ordinal);

    public ConcurrentDictionary<string, Upload> Uploads { get; } = new(StringComparer.Ordinal);

    /// <summary>Method and path of each request that was answered, e.g. <c>PUT prefix/a?partNumber=1&amp;uploadId=u1</c>.</summary>
    public ConcurrentQueue<string> Served { get; } = new();

    /// <summary>What goes wrong with a request.</summary>
    public Func<HttpRequest, S3Fault> Fault { get; set; } = _ => S3Fault.None;

    /// <summary>Objects, or uploads, in a page of a listing.</summary>
    public int PageSize { get; set; } = 3;

    /// <summary>Some servers cannot say which uploads are not complete.</summary>
    public bool ListsUploads { get; set; } = true;

    /// <summary>Some servers complain when there is nothing to delete.</summary>
    public bool MissesWhatIsDeleted { get; set; }

    public Uri Address { get; private set; } = null!;

    public static async Task<S3Peer> StartAsync()
    {
        var peer = new S3Peer();
        await peer.server.StartAsync();
        peer.Address = new Uri(peer.server.Urls.Single());
        return peer;
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await server.DisposeAsync();
        stopping.Dispose();
    }

    private async Task ServeAsync(HttpContext context)
    {
        var fault = Fault(context.Request);
        if (fault is S3Fault.Reset)
        {
            context.Abort();
            return;
        }

        using var memory = new MemoryStream();
        await context.Request.Body.CopyToAsync(memory);
        byte[] body = memory.ToArray();
        if (fault is S3Fault.SlowDown)
        {
            await RefuseAsync(context, HttpStatusCode.ServiceUnavailable, "SlowDown");
            return;
        }

        if (fault is S3Fault.Refuse)
        {
            await RefuseAsync(context, HttpStatusCode.Forbidden, "AccessDenied");
            return;
        }

        if (S3Signature.FaultOf(context.Request, body, AccessKey, Secret) is { } forged)
            await RefuseAsync(context, HttpStatusCode.Forbidden, forged);
        else if (!IsWhole(context.Request, body))
            await RefuseAsync(context, HttpStatusCode.BadRequest, "BadDigest");
        else
            await AnswerAsync(context, body, fault);
    }

    private async Task AnswerAsync(HttpContext context, byte[] body, S3Fault fault)
    {
        var request = context.Request;
        string[] path = request.Path.Value!.TrimStart('/').Split('/', 2);
        if (path[0] != Bucket)
        {
            await RefuseAsync(context, HttpStatusCode.NotFound, "NoSuchBucket");
            return;
        }

        string key = path.Length > 1 ? path[1] : "";
        var query = request.Query;
        var answer = (request.Method, key.Length > 0) switch
        {
            ("GET", false) when query.ContainsKey("uploads") && !ListsUploads => new(501, Code: "NotImplemented"),
            ("GET", false) when query.ContainsKey("uploads") => Xml(ListUploads(query["prefix"].ToString(), query["key-marker"].ToString(), query["upload-id-marker"].ToString())),
            ("GET", false) => Xml(List(query["prefix"].ToString(), query["continuation-token"].ToString())),
            ("POST", true) when query.ContainsKey("uploads") => Xml(Begin(key)),
            ("PUT", true) when query.ContainsKey("uploadId") => PutPart(query, body),
            ("POST", true) => Complete(query["uploadId"].ToString(), body),
            ("DELETE", true) when query.ContainsKey("uploadId") => Uploads.TryRemove(query["uploadId"].ToString(), out _) ? new(204) : new(404, Code: "NoSuchUpload"),
            ("PUT", true) => Put(request, key, body),
            ("GET" or "HEAD", true) => Objects.TryGetValue(key, out byte[]? content) ? Part(request, content) : new(404, Code: "NoSuchKey"),
            ("DELETE", true) => Objects.TryRemove(key, out _) || !MissesWhatIsDeleted ? new(204) : new(404, Code: "NoSuchKey"),
            _ => new(405, Code: "MethodNotAllowed"),
        };
        Served.Enqueue($"{request.Method} {key}{request.QueryString}");
        await SendAsync(context, answer, fault);
    }

    private async Task SendAsync(HttpContext context, Answer answer, S3Fault fault)
    {
        if (fault is S3Fault.ResetAfterwards)
        {
            context.Abort(); // it is done, and nobody hears of it
            return;
        }

        if (answer.Code.Length > 0)
        {
            await RefuseAsync(context, (HttpStatusCode)answer.Status, answer.Code);
            return;
        }

        context.Response.StatusCode = answer.Status;
        if (answer.ETag is { } tag)
            context.Response.Headers.ETag = tag;
        byte[] content = answer.Content ?? [];
        if (answer.Status != 204)
            context.Response.ContentLength = content.Length;
        if (context.Request.Method == "HEAD")
            return;
        if (fault is S3Fault.BreakOff or S3Fault.Stall && content.Length > 1)
        {
            await context.Response.Body.WriteAsync(content.AsMemory(0, content.Length / 2));
            await context.Response.Body.FlushAsync();
            if (fault is S3Fault.Stall)
                await Task.Delay(Timeout.InfiniteTimeSpan, stopping.Token).ContinueWith(_ => { }, TaskScheduler.Default);
            context.Abort();
            return;
        }

        await context.Response.Body.WriteAsync(content);
    }

    private static async Task RefuseAsync(HttpContext context, HttpStatusCode status, string code)
    {
        byte[] text = System.Text.Encoding.UTF8.GetBytes(new XElement("Error", new XElement("Code", code), new XElement("Message", $"{code} by the test's server")).ToString());
        context.Response.StatusCode = (int)status;
        context.Response.ContentType = "application/xml";
        context.Response.ContentLength = text.Length;
        if (context.Request.Method != "HEAD")
            await context.Response.Body.WriteAsync(text);
    }

    private static bool IsWhole(HttpRequest request, byte[] body) =>
        !request.Headers.TryGetValue("x-amz-checksum-sha256", out var sha256) || sha256 == Convert.ToBase64String(SHA256.HashData(body));

    private Answer Put(HttpRequest request, string key, byte[] body)
    {
        if (request.Headers.IfNoneMatch == "*")
            return Objects.TryAdd(key, body) ? new(200, ETag: ETag(body)) : new(412, Code: "PreconditionFailed");
        Objects[key] = body;
        return new(200, ETag: ETag(body));
    }

    private static Answer Part(HttpRequest request, byte[] content)
    {
        if (request.GetTypedHeaders().Range?.Ranges.Single() is not { From: { } from, To: { } to })
            return new(200, content, ETag(content));
        return from < content.Length ? new(206, content[(int)from..(int)Math.Min(to + 1, content.Length)], ETag(content)) : new(416, Code: "InvalidRange");
    }

    private XElement Begin(string key)
    {
        string id = $"u{Interlocked.Increment(ref uploads)}";
        Uploads[id] = new Upload(key);
        return new XElement(Names + "InitiateMultipartUploadResult", new XElement(Names + "Bucket", Bucket), new XElement(Names + "Key", key), new XElement(Names + "UploadId", id));
    }

    private Answer PutPart(IQueryCollection query, byte[] body)
    {
        if (!Uploads.TryGetValue(query["uploadId"].ToString(), out var upload))
            return new(404, Code: "NoSuchUpload");
        upload.Parts[int.Parse(query["partNumber"].ToString(), CultureInfo.InvariantCulture)] = body;
        return new(200, ETag: ETag(body));
    }

    private Answer Complete(string id, byte[] body)
    {
        if (!Uploads.TryGetValue(id, out var upload))
            return new(404, Code: "NoSuchUpload");
        using var text = new MemoryStream(body);
        var wanted = XDocument.Load(text).Descendants().Where(e => e.Name.LocalName == "Part")
            .Select(part => (Number: (int)part.Elements().Single(e => e.Name.LocalName == "PartNumber"), Tag: (string)part.Elements().Single(e => e.Name.LocalName == "ETag"))).ToList();
        if (wanted.Any(part => !upload.Parts.TryGetValue(part.Number, out byte[]? content) || ETag(content).Trim('"') != part.Tag.Trim('"')))
            return new(400, Code: "InvalidPart");
        if (wanted.SkipLast(1).Any(part => upload.Parts[part.Number].Length < SmallestPart))
            return new(400, Code: "EntityTooSmall");
        Objects[upload.Key] = [.. wanted.OrderBy(part => part.Number).SelectMany(part => upload.Parts[part.Number])];
        Uploads.TryRemove(id, out _);
        return Xml(new XElement(Names + "CompleteMultipartUploadResult", new XElement(Names + "Key", upload.Key), new XElement(Names + "ETag", "\"parts-1\"")));
    }

    private XElement List(string prefix, string after)
    {
        var keys = Objects.Keys.Where(key => key.StartsWith(prefix, StringComparison.Ordinal) && string.CompareOrdinal(key, after) > 0).Order(StringComparer.Ordinal).ToList();
        bool more = keys.Count > PageSize;
        return new XElement(
            Names + "ListBucketResult",
            new XElement(Names + "Name", Bucket),
            new XElement(Names + "IsTruncated", more),
            more ? new XElement(Names + "NextContinuationToken", keys[PageSize - 1]) : null,
            keys.Take(PageSize).Select(key => new XElement(Names + "Contents", new XElement(Names + "Key", key), new XElement(Names + "Size", Objects[key].Length))));
    }

    private XElement ListUploads(string prefix, string keyMarker, string idMarker)
    {
        var uploads = Uploads.Select(u => (u.Value.Key, Id: u.Key))
            .Where(u => u.Key.StartsWith(prefix, StringComparison.Ordinal) && string.CompareOrdinal($"{u.Key} {u.Id}", $"{keyMarker} {idMarker}") > 0)
            .OrderBy(u => $"{u.Key} {u.Id}", StringComparer.Ordinal).ToList();
        bool more = uploads.Count > PageSize;
        return new XElement(
            Names + "ListMultipartUploadsResult",
            new XElement(Names + "IsTruncated", more),
            more ? new XElement(Names + "NextKeyMarker", uploads[PageSize - 1].Key) : null,
            more ? new XElement(Names + "NextUploadIdMarker", uploads[PageSize - 1].Id) : null,
            uploads.Take(PageSize).Select(u => new XElement(Names + "Upload", new XElement(Names + "Key", u.Key), new XElement(Names + "UploadId", u.Id))));
    }

    private static Answer Xml(XElement element) => new(200, System.Text.Encoding.UTF8.GetBytes(element.ToString()));

    // A tag may be anything that differs for other content; the dash says that it is no MD5.
    private static string ETag(byte[] content) => $"\"{Convert.ToHexStringLower(SHA256.HashData(content))[..32]}-1\"";

    /// <summary>An upload in parts that was not completed.</summary>
    internal sealed record Upload(string Key)
    {
        public ConcurrentDictionary<int, byte[]> Parts { get; } = new();
    }

    private sealed record Answer(int Status, byte[]? Content = null, string? ETag = null, string Code = "");
}

/// <summary>What can go wrong between a client and a server.</summary>
internal enum S3Fault
{
    None,

    /// <summary>The server has too much to do.</summary>
    SlowDown,

    /// <summary>The connection breaks before anything is done.</summary>
    Reset,

    /// <summary>It is done, and the connection breaks before the answer.</summary>
    ResetAfterwards,

    /// <summary>The connection breaks in the middle of the answer.</summary>
    BreakOff,

    /// <summary>The connection stays, and nothing comes any more after the middle of the answer.</summary>
    Stall,

    /// <summary>The client has not the right.</summary>
    Refuse,
}
