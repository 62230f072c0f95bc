using System.Globalization;
using GenCluster.Configuration.Access;
using GenCluster.Configuration.Diagnostics;
using GenCluster.Core.Identity;
using GenCluster.Core.Sweeps;
using GenCluster.Server.Access;
using GenCluster.Server.ReadModel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace GenCluster.Server.Api;

/// <summary><c>/api/v1/sweeps</c>: submissions and changes go to the coordinator, questions to the read model.</summary>
internal sealed class SweepEndpoints(Office office, Reads reads, AccessControl access)
{
    public const string Path = "/api/v1/sweeps";

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost(Path, (Delegate)SubmitAsync)
            .Does("submitSweep", "Submits a sweep file. The same file again changes nothing, or resumes a halted sweep.")
            .Needs(Role.Submitter)
            .TakesSweepFile()
            .Answers<SubmittedSweep>().Answers<SubmittedSweep>(StatusCodes.Status201Created)
            .Refuses(ProblemKind.Mistakes, ProblemKind.Conflict, ProblemKind.TooLarge, ProblemKind.NotYaml, ProblemKind.Refused);
        routes.MapGet(Path, ListAsync)
            .Does("listSweeps", "A page of sweeps, by name.")
            .Needs(Role.Viewer)
            .Answers<SweepPage>().Refuses(ProblemKind.BadRequest);
        routes.MapGet(Path + "/{name}", GetAsync)
            .Does("getSweep", "A sweep with its trials and its history.")
            .Needs(Role.Viewer)
            .Answers<SweepDetail>().Refuses(ProblemKind.NotFound);
        routes.MapPut(Path + "/{name}", EditAsync)
            .Does("editSweep", "Changes a sweep while it runs: what was learned stays. If-Match names the version that is changed.")
            .Needs(Role.Submitter)
            .TakesSweepFile()
            .Answers<Edited>()
            .Refuses(
                ProblemKind.Mistakes, ProblemKind.NotFound, ProblemKind.OtherVersion, ProblemKind.TooLarge, ProblemKind.NotYaml, ProblemKind.Refused,
                ProblemKind.NoVersion);
    }

    private Task<IResult> ListAsync(HttpContext context, string? after, string? limit) =>
        Paging.CountOf(limit) is { } count ? reads.AnswerAsync(context, q => q.Sweeps(after, count), "") : Task.FromResult(Paging.WrongLimit(limit));

    private Task<IResult> GetAsync(HttpContext context, string name) =>
        reads.AnswerAsync(context, q => q.Sweep(name), $"there is no sweep '{name}'", sweep => Tag(sweep.Version));

    private async Task<IResult> SubmitAsync(HttpContext context)
    {
        var (read, warnings, problem) = await SweepBody.ReadAsync(context);
        if (read is not { } spec)
            return problem!;
        if (NotAllowed(context, spec) is { } forbidden)
            return forbidden;
        string by = Caller.AskerOf(context);
        return await office.AskAsync(context, async (coordinator, patience, cancellation) =>
        {
            var (refusal, known) = await coordinator.SubmitAsync(spec, by, patience, cancellation);
            if (refusal is not null)
                return Problems.Of(known ? ProblemKind.Conflict : ProblemKind.Refused, refusal);
            context.Response.Headers.Location = $"{Path}/{spec.Name}";
            var answer = new SubmittedSweep(spec.Name, known, Told(warnings), await office.PlaceAsync(cancellation));
            return Results.Json(answer, ApiJson.Options, statusCode: known ? StatusCodes.Status200OK : StatusCodes.Status201Created);
        });
    }

    private async Task<IResult> EditAsync(HttpContext context, string name)
    {
        string given = context.Request.Headers.IfMatch.ToString();
        if (given.Length == 0)
            return Problems.Of(ProblemKind.NoVersion, $"say which version is changed with If-Match: \"N\"; GET {Path}/{name} tells it");
        if (!int.TryParse(given.Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out int version))
            return Problems.Of(ProblemKind.BadRequest, $"If-Match is the version of a sweep in quotation marks, not {given}");
        var (read, warnings, problem) = await SweepBody.ReadAsync(context);
        if (read is not { } spec)
            return problem!;
        if (spec.Name != name)
            return Problems.Of(ProblemKind.BadRequest, $"the file is of a sweep '{spec.Name}', and '{name}' is to be changed; a sweep keeps its name");
        if (NotAllowed(context, spec) is { } forbidden)
            return forbidden;
        string by = Caller.AskerOf(context);
        return await office.AskAsync(context, async (coordinator, patience, cancellation) =>
        {
            var (refusal, inForce) = await coordinator.EditAsync(new SweepId(name), version, spec, by, patience, cancellation);
            if (refusal is not null)
                return Problems.Of(inForce == 0 ? ProblemKind.NotFound : inForce != version ? ProblemKind.OtherVersion : ProblemKind.Refused, refusal);
            context.Response.Headers.ETag = Tag(inForce);
            return Results.Json(new Edited(name, inForce, Told(warnings), await office.PlaceAsync(cancellation)), ApiJson.Options);
        });
    }

    private IResult? NotAllowed(HttpContext context, SweepSpec spec) =>
        access.RefusalOf(context.Features.Get<Caller>()!, spec) is { } refusal ? Problems.Of(ProblemKind.Forbidden, refusal) : null;

    private static string Tag(long version) => string.Create(CultureInfo.InvariantCulture, $"\"{version}\"");

    private static IReadOnlyList<FileDiagnostic> Told(IReadOnlyList<Diagnostic> warnings) => [.. warnings.Select(FileDiagnostic.Of)];
}
