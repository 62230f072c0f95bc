using System.Net;
using System.Net.Http.Json;
using GenCluster.Actors.Persistence;
using GenCluster.Core.Placement;
using GenCluster.Server.Api;
using GenCluster.Server.ReadModel;

namespace GenCluster.Server.Tests.Support;

/// <summary>A real coordinator with its API on a real socket, and a client.</summary>
public abstract class ApiKit : ServerKit
{
    private protected HttpClient Http { get; } = new();

    private protected async Task<CoordinatorHost> StartApiAsync(JournalDatabase? database = null, ApiOptions? api = null, ProjectRules? projects = null, string? log = null)
    {
        var coordinator = (CoordinatorHost)await StartAsync(database: database, api: api ?? new ApiOptions { Port = 0 }, projects: projects, log: log);
        Http.BaseAddress = new Uri(coordinator.ApiAddress!);
        return coordinator;
    }

    /// <summary>A coordinator that took over the journal of <see cref="Journals.Story"/>, once the read model has all of it.</summary>
    private protected async Task<CoordinatorHost> StartOnStoryAsync(ApiOptions? api = null, string? log = null)
    {
        var database = new JournalDatabase.Sqlite(Journal);
        database.Migrate();
        database.Write(Journals.Story);
        while (new ReadModelFeed(database).Advance(100) > 0)
        {
        }

        return await StartApiAsync(api: api, log: log);
    }

    /// <summary>What is there, once it is as it should be.</summary>
    private protected async Task<T> GetAsync<T>(string path, Predicate<T> until)
        where T : class
    {
        while (true)
        {
            Patience.ThrowIfCancellationRequested();
            using var answer = await Http.GetAsync(path, Patience);
            if (answer.StatusCode is HttpStatusCode.OK && (await answer.Content.ReadFromJsonAsync<T>(ApiJson.Options, Patience)).ShouldNotBeNull() is var found && until(found))
                return found;
        }
    }

    /// <summary>The problem that comes in place of an answer.</summary>
    private protected async Task<ApiProblem> ProblemAsync(HttpStatusCode status, HttpRequestMessage request)
    {
        using var answer = await Http.SendAsync(request, Patience);
        answer.StatusCode.ShouldBe(status);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe(ApiProblem.ContentType);
        return (await answer.Content.ReadFromJsonAsync<ApiProblem>(ApiJson.Options, Patience)).ShouldNotBeNull();
    }
}
