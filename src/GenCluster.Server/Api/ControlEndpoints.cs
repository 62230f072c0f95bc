using GenCluster.Configuration.Access;
using GenCluster.Core.Identity;
using GenCluster.Core.Sweeps;
using GenCluster.Server.Access;
using GenCluster.Server.ReadModel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace GenCluster.Server.Api;

/// <summary>The verbs, of a sweep and of one of its trials. Each may be said again: what was done before changes nothing.</summary>
internal sealed class ControlEndpoints(Office office, Reads reads)
{
    private static readonly (Verb Verb, string OfSweep, string OfTrial)[] Verbs =
    [
        (Verb.Pause, "Begins no new trials; those at work go on.", "Stops the trial after a checkpoint; it waits."),
        (Verb.Resume, "Takes a pause back.", "Takes a pause back."),
        (Verb.Stop, "Begins no new trials; those at work finish, and the sweep ends.", "Ends the trial after a checkpoint; what it has reached counts."),
        (Verb.Cancel, "Ends all work on the sweep now; what is not yet written does not count.", "Ends all work on the trial now; what is not yet written does not count."),
        (Verb.Retry, "Begins the failed trials again from their checkpoints.", "Begins the failed trial again from its checkpoint."),
    ];

    public void Map(IEndpointRouteBuilder routes)
    {
        foreach (var (verb, ofSweep, ofTrial) in Verbs)
        {
            string name = NameOf(verb);
            routes.MapPost($"{SweepEndpoints.Path}/{{name}}/{name}", (HttpContext context, string name) => ControlAsync(context, name, null, verb))
                .Does($"{name}Sweep", ofSweep)
                .Needs(Role.Submitter)
                .Answers<Controlled>().Refuses(ProblemKind.NotFound, ProblemKind.Conflict);
            routes.MapPost($"{TrialEndpoints.Path}/{{number:int:min(1)}}/{name}", (HttpContext context, string name, int number) => ControlAsync(context, name, number, verb))
                .Does($"{name}Trial", ofTrial)
                .Needs(Role.Submitter)
                .Answers<Controlled>().Refuses(ProblemKind.NotFound, ProblemKind.Conflict);
        }
    }

    private static string NameOf(Verb verb) => verb.ToString().ToLowerInvariant();

    private Task<IResult> ControlAsync(HttpContext context, string sweep, int? trial, Verb verb) => office.AskAsync(context, async (coordinator, patience, cancellation) =>
    {
        string? refusal = await coordinator.ControlAsync(new SweepId(sweep), trial, verb, Caller.AskerOf(context), patience, cancellation);
        return refusal is null
            ? Results.Json(new Controlled(sweep, trial, NameOf(verb), await office.PlaceAsync(cancellation)), ApiJson.Options)
            : Problems.Of(await IsThereAsync(sweep, trial, cancellation) ? ProblemKind.Conflict : ProblemKind.NotFound, refusal);
    });

    private async Task<bool> IsThereAsync(string sweep, int? trial, CancellationToken cancellation)
    {
        try
        {
            var page = await reads.AskAsync(q => q.Trials(sweep, (trial ?? 1) - 1, 1, null), cancellation);
            return page is not null && (trial is null || page.Trials is [{ Number: var found }] && found == trial);
        }
        catch (ReadFailedException)
        {
            return true; // it was refused, whatever the reason
        }
    }
}
