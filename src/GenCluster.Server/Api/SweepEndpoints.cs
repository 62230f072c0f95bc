using System.Globalization;
using GenCluster.Actors.Coordination;
using GenCluster.Configuration;
using GenCluster.Configuration.Diagnostics;
using GenCluster.Core.Sweeps;
using GenCluster.Server.ReadModel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace GenCluster.Server.Api;

/// <summary><c>/api/v1/sweeps</c>: submissions go to the coordinator, questions to the read model.</summary>
internal sealed class SweepEndpoints(CoordinatorClient coordinator, Reads reads, ApiOptions options)
{
    public const string Path = "/api/v1/sweeps";

    private const int MaxPage = 500;
    private const string FileName = "sweep.yaml";
    private static readonly string[] YamlTypes = ["application/yaml", "application/x-yaml", "text/yaml"];

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost(Path, (Delegate)SubmitAsync);
        routes.MapGet(Path, ListAsync);
        routes.MapGet(Path + "/{name}", (HttpContext context, string name) => reads.AnswerAsync(context, q => q.Sweep(name), $"there is no sweep '{name}'"));
        routes.MapGet(
            Path + "/{name}/trials/{number:long}",
            (HttpContext context, string name, long number) => reads.AnswerAsync(context, q => q.Trial(name, number), $"there is no trial {number} of a sweep '{name}'"));
    }

    private Task<IResult> ListAsync(HttpContext context, string? after, string? limit)
    {
        int count = MaxPage;
        return limit is null || (int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out count) && count is >= 1 and <= MaxPage)
            ? reads.AnswerAsync(context, q => q.Sweeps(after, count), "")
            : Task.FromResult(Problems.Of(StatusCodes.Status400BadRequest, "bad request", $"limit is from 1 to {MaxPage}, not {limit}"));
    }

    private async Task<IResult> SubmitAsync(HttpContext context)
    {
        string type = context.Request.ContentType?.Split(';')[0].Trim() ?? "";
        if (!YamlTypes.Contains(type, StringComparer.OrdinalIgnoreCase))
            return Problems.Of(StatusCodes.Status415UnsupportedMediaType, "not YAML", $"send the sweep file with Content-Type {YamlTypes[0]}, not '{type}'");

        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var file = SweepFile.Parse(FileName, body.GetBuffer().AsSpan(0, (int)body.Length));
        if (file.Spec is not { } spec)
        {
            return Problems.Of(
                StatusCodes.Status400BadRequest, "mistakes in the sweep file", string.Join('\n', file.Diagnostics), [.. file.Diagnostics.Select(FileDiagnostic.Of)]);
        }

        return await HandOverAsync(context, spec, file.Diagnostics);
    }

    private async Task<IResult> HandOverAsync(HttpContext context, SweepSpec spec, IReadOnlyList<Diagnostic> warnings)
    {
        try
        {
            var (refusal, known) = await coordinator.SubmitAsync(spec, options.SubmitPatience, context.RequestAborted);
            if (refusal is not null)
                return Problems.Of(known ? StatusCodes.Status409Conflict : StatusCodes.Status422UnprocessableEntity, "refused", refusal);
            context.Response.Headers.Location = $"{Path}/{spec.Name}";
            var answer = new SubmittedSweep(spec.Name, known, [.. warnings.Select(FileDiagnostic.Of)], await PlaceAsync(context.RequestAborted));
            return Results.Json(answer, ApiJson.Options, statusCode: known ? StatusCodes.Status200OK : StatusCodes.Status201Created);
        }
        catch (CoordinatorAwayException away)
        {
            return Problems.Later(context.Response, 5, await WhyAsync(away, context.RequestAborted));
        }
    }

    /// <summary>No earlier than the submission; null when the database does not answer, which makes the submission no less done.</summary>
    private async Task<long?> PlaceAsync(CancellationToken cancellation)
    {
        try
        {
            return await reads.AskAsync(q => q.JournalPlace(), cancellation);
        }
        catch (ReadFailedException)
        {
            return null;
        }
    }

    /// <summary>The first cause, where it can be told: a coordinator without its journal is silent, too.</summary>
    private async Task<string> WhyAsync(CoordinatorAwayException away, CancellationToken cancellation)
    {
        try
        {
            await reads.AskAsync(q => q.JournalPlace(), cancellation);
            return away.Message;
        }
        catch (ReadFailedException failure)
        {
            return failure.Message;
        }
    }
}
