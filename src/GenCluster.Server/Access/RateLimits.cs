using System.Net;
using System.Threading.RateLimiting;
using GenCluster.Core.Metrics;
using GenCluster.Server.Api;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;

namespace GenCluster.Server.Access;

/// <summary>
/// How much one caller may ask: by name, or by address where there is none. Names come from tokens alone, addresses from the
/// connection alone; no header changes who one is.
/// </summary>
internal sealed class RateLimits(ApiLimits limits, IApiObserver observer) : IDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly PartitionedRateLimiter<HttpContext> requests = Buckets(_ => true, limits.RequestBurst, limits.RequestsPerSecond, Second);
    private readonly PartitionedRateLimiter<HttpContext> changes = Buckets(IsChange, limits.ChangeBurst, limits.ChangesPerSecond, Second);
    private readonly PartitionedRateLimiter<HttpContext> atOnce = Places(limits.AtOnce);
    private readonly PartitionedRateLimiter<HttpContext> streams = Places(limits.Streams);
    private readonly PartitionedRateLimiter<HttpContext> failures =
        PartitionedRateLimiter.Create<HttpContext, string>(context => RateLimitPartition.GetTokenBucketLimiter(AddressOf(context), _ => Bucket(limits.FailureBurst, 1, limits.FailurePause)));

    public TimeSpan FailurePause => limits.FailurePause;

    public void Configure(RateLimiterOptions options)
    {
        options.GlobalLimiter = PartitionedRateLimiter.CreateChained(Counted(ApiLimit.Requests, requests), Counted(ApiLimit.Changes, changes), Counted(ApiLimit.AtOnce, atOnce));
        options.OnRejected = async (rejected, _) =>
        {
            var pause = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var time) ? time : Second;
            await Problems.TooMany(rejected.HttpContext.Response, pause, "you ask more than one caller may; ask again later, and less often").ExecuteAsync(rejected.HttpContext);
        };
    }

    /// <summary>A place for one more stream of the caller; null: there is none.</summary>
    public IDisposable? Stream(HttpContext context)
    {
        var lease = streams.AttemptAcquire(context);
        if (lease.IsAcquired)
            return lease;
        lease.Dispose();
        observer.RateLimited(ApiLimit.Streams);
        return null;
    }

    /// <summary>Whether so many credentials from the caller's address were not accepted that no more are looked at now.</summary>
    /// <param name="again">One more was just not accepted.</param>
    public bool HasFailedTooOften(HttpContext context, bool again = false)
    {
        using var lease = failures.AttemptAcquire(context, again ? 1 : 0);
        return !lease.IsAcquired;
    }

    public void Dispose()
    {
        requests.Dispose();
        changes.Dispose();
        atOnce.Dispose();
        streams.Dispose();
        failures.Dispose();
    }

    private static PartitionedRateLimiter<HttpContext> Buckets(Predicate<HttpContext> counts, int burst, int perPeriod, TimeSpan period) =>
        PartitionedRateLimiter.Create<HttpContext, string>(context => counts(context)
            ? RateLimitPartition.GetTokenBucketLimiter(NameOf(context), _ => Bucket(burst, perPeriod, period))
            : RateLimitPartition.GetNoLimiter(""));

    private static PartitionedRateLimiter<HttpContext> Places(int count) => PartitionedRateLimiter.Create<HttpContext, string>(context =>
        RateLimitPartition.GetConcurrencyLimiter(NameOf(context), _ => new ConcurrencyLimiterOptions { PermitLimit = count, QueueLimit = 0 }));

    private static TokenBucketRateLimiterOptions Bucket(int burst, int perPeriod, TimeSpan period) =>
        new() { TokenLimit = burst, TokensPerPeriod = perPeriod, ReplenishmentPeriod = period, QueueLimit = 0 };

    private PartitionedRateLimiter<HttpContext> Counted(ApiLimit kind, PartitionedRateLimiter<HttpContext> limiter) => new Counting(limiter, () => observer.RateLimited(kind));

    private static bool IsChange(HttpContext context) => !HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method);

    private static string NameOf(HttpContext context) => context.Features.Get<Caller>() is { IsKnown: true } caller ? caller.Name : AddressOf(context);

    /// <summary>In brackets, which no name has.</summary>
    private static string AddressOf(HttpContext context) => $"[{context.Connection.RemoteIpAddress ?? IPAddress.None}]";

    /// <summary>A limiter that tells when it refuses.</summary>
    private sealed class Counting(PartitionedRateLimiter<HttpContext> inner, Action refused) : PartitionedRateLimiter<HttpContext>
    {
        public override RateLimiterStatistics? GetStatistics(HttpContext resource) => inner.GetStatistics(resource);

        protected override RateLimitLease AttemptAcquireCore(HttpContext resource, int permitCount) => Told(inner.AttemptAcquire(resource, permitCount));

        protected override async ValueTask<RateLimitLease> AcquireAsyncCore(HttpContext resource, int permitCount, CancellationToken cancellationToken) =>
            Told(await inner.AcquireAsync(resource, permitCount, cancellationToken));

        private RateLimitLease Told(RateLimitLease lease)
        {
            if (!lease.IsAcquired)
                refused();
            return lease;
        }
    }
}
