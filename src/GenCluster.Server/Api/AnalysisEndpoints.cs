using System.Collections.Concurrent;
using GenCluster.Configuration.Access;
using GenCluster.Search.Analysis;
using GenCluster.Server.Access;
using GenCluster.Server.ReadModel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace GenCluster.Server.Api;

/// <summary><c>GET /api/v1/sweeps/{name}/analysis</c>: made from the journal, once for each end of a trial.</summary>
internal sealed class AnalysisEndpoints(Reads reads) : IDisposable
{
    private const int Kept = 16;

    private readonly ConcurrentDictionary<string, (long Place, SweepAnalysis Analysis)> known = new();
    private readonly SemaphoreSlim one = new(1); // it uses all processors

    public void Map(IEndpointRouteBuilder routes) => routes.MapGet(SweepEndpoints.Path + "/{name}/analysis", GetAsync)
        .Does("analyseSweep", "What the trials tell: the best, importance of hyperparameters, Pareto front, expected best, slices, parallel coordinates.")
        .Needs(Role.Viewer)
        .Answers<SweepAnalysis>().Refuses(ProblemKind.NotFound);

    public void Dispose() => one.Dispose();

    private async Task<IResult> GetAsync(HttpContext context, string name)
    {
        try
        {
            return await reads.AskAsync(q => q.Fold(name), context.RequestAborted) is { } fold
                ? Results.Json(await AnalyseAsync(name, fold, context.RequestAborted), ApiJson.Options)
                : Problems.NotFound($"there is no sweep '{name}'");
        }
        catch (ReadFailedException failure)
        {
            return Problems.Later(context.Response, failure.Seconds, failure.Message);
        }
    }

    private async Task<SweepAnalysis> AnalyseAsync(string name, SweepFold fold, CancellationToken cancellation)
    {
        await one.WaitAsync(cancellation);
        try
        {
            if (known.TryGetValue(name, out var before) && before.Place >= fold.Place)
                return before.Analysis;
            var analysis = await Task.Run(() => SweepAnalysis.Of(fold.State.Spec!, fold.Ended), cancellation);
            if (known.Count >= Kept)
                known.Clear();
            known[name] = (fold.Place, analysis);
            return analysis;
        }
        finally
        {
            one.Release();
        }
    }
}
