using GenCluster.Configuration.Access;
using GenCluster.Core.Identity;
using GenCluster.Core.Trials;
using GenCluster.Server.Access;
using GenCluster.Server.ReadModel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace GenCluster.Server.Api;

/// <summary><c>/api/v1/sweeps/{name}/trials</c></summary>
internal sealed class TrialEndpoints(Office office, Reads reads)
{
    public const string Path = SweepEndpoints.Path + "/{name}/trials";

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(Path, ListAsync)
            .Does("listTrials", "A page of a sweep's trials, by number; of those in one state when that is named.")
            .Needs(Role.Viewer)
            .Answers<TrialPage>().Refuses(ProblemKind.BadRequest, ProblemKind.NotFound);
        routes.MapGet(Path + "/{number:long}", GetAsync)
            .Does("getTrial", "A trial: every gang and why it ended, its reports, its checkpoints.")
            .Needs(Role.Viewer)
            .Answers<TrialDetail>().Refuses(ProblemKind.NotFound);
        routes.MapGet(Path + "/{number:int:min(1)}/explain", ExplainAsync)
            .Does("explainTrial", "Why a trial has workers, or waits for them, and what it needs: the coordinator's decision at this moment.")
            .Needs(Role.Viewer)
            .Answers<TrialExplanation>().Refuses(ProblemKind.NotFound);
    }

    private async Task<IResult> ListAsync(HttpContext context, string name, string? after, string? limit, string? state)
    {
        if (Paging.CountOf(limit) is not { } count)
            return Paging.WrongLimit(limit);
        if (Paging.PlaceOf(after) is not { } number)
            return Paging.WrongPlace("after", after);
        if (state is not null && !Enum.GetNames<TrialPhase>().Contains(state))
            return Problems.Of(ProblemKind.BadRequest, $"state is one of {string.Join(", ", Enum.GetNames<TrialPhase>())}, not {state}");
        return await reads.AnswerAsync(context, q => q.Trials(name, number, count, state), $"there is no sweep '{name}'");
    }

    private Task<IResult> GetAsync(HttpContext context, string name, long number) =>
        reads.AnswerAsync(context, q => q.Trial(name, number), $"there is no trial {number} of a sweep '{name}'");

    private async Task<IResult> ExplainAsync(HttpContext context, string name, int number)
    {
        try
        {
            var (sweep, page) = await reads.AskAsync(q => (q.Summary(name), q.Trials(name, number - 1, 1, null)), context.RequestAborted);
            if (sweep is null || page?.Trials is not [var trial] || trial.Number != number)
                return Problems.NotFound($"there is no trial {number} of a sweep '{name}'");
            return await office.AskAsync(context, async (coordinator, patience, cancellation) =>
            {
                var explained = await coordinator.ExplainAsync(new TrialId(new SweepId(name), number), patience, cancellation);
                return Results.Json(Explaining.Of(sweep, trial, explained), ApiJson.Options);
            });
        }
        catch (ReadFailedException failure)
        {
            return Problems.Later(context.Response, failure.Seconds, failure.Message);
        }
    }
}
