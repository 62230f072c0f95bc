using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using GenCluster.Actors.Persistence;
using GenCluster.Server.Api;
using GenCluster.Server.Tests.Support;

namespace GenCluster.Server.Tests.Api;

/// <summary>The API's document says what the API does: every endpoint, and the form of every answer.</summary>
public sealed class ApiContractTests : ApiKit
{
    private const string Yaml = SweepTexts.Shirts;

    [Fact]
    public async Task Every_endpoint_is_in_the_document_with_a_name_a_summary_and_its_refusals()
    {
        var coordinator = await StartApiAsync();
        var document = await DocumentAsync();

        var described =
            from path in document.GetProperty("paths").EnumerateObject()
            from operation in path.Value.EnumerateObject()
            select (Method: operation.Name.ToUpperInvariant(), Pattern: path.Name, Operation: operation.Value);
        var served = coordinator.Api!.Routes.Select(r => (r.Method, Pattern: WithoutConstraints(r.Pattern))).Where(r => r.Pattern.StartsWith("/api/", StringComparison.Ordinal) && r.Pattern != ApiDocument.Path);

        described.Select(d => (d.Method, d.Pattern)).Where(d => d.Pattern.StartsWith("/api/", StringComparison.Ordinal)).ShouldBe(served, ignoreOrder: true);
        foreach (var (method, pattern, operation) in described.Where(d => d.Pattern.StartsWith("/api/", StringComparison.Ordinal)))
        {
            operation.GetProperty("operationId").GetString().ShouldNotBeNullOrEmpty($"{method} {pattern}");
            operation.GetProperty("summary").GetString()!.ShouldEndWith(".");
            operation.GetProperty("responses").TryGetProperty("503", out _).ShouldBeTrue($"{method} {pattern}");
            foreach (var parameter in operation.TryGetProperty("parameters", out var parameters) ? parameters.EnumerateArray() : default)
                parameter.GetProperty("description").GetString().ShouldNotBeNullOrEmpty($"{parameter.GetProperty("name")} of {method} {pattern}");
        }
    }

    [Fact]
    public async Task Every_answer_has_the_form_that_the_document_says()
    {
        await StartOnStoryAsync();
        var document = await DocumentAsync();
        var schema = new ApiSchema(document);
        HashSet<string> asked = [];

        await HoldAsync("POST", "/api/v1/sweeps", 201, Body(Yaml));
        await HoldAsync("POST", "/api/v1/sweeps", 200, Body(Yaml));
        await HoldAsync("POST", "/api/v1/sweeps", 409, Body(Yaml.Replace("seed: 7", "seed: 8", StringComparison.Ordinal)));
        await HoldAsync("POST", "/api/v1/sweeps", 400, Body("name: 1"));
        await HoldAsync("POST", "/api/v1/sweeps", 415, Body(Yaml, "text/plain"));
        await HoldAsync("GET", "/api/v1/sweeps", 200);
        await HoldAsync("GET", "/api/v1/sweeps", 400, query: "?limit=none");
        await HoldAsync("GET", "/api/v1/sweeps/{name}", 200);
        await HoldAsync("GET", "/api/v1/sweeps/{name}", 404, name: "nothing");
        await HoldAsync("PUT", "/api/v1/sweeps/{name}", 428, Body(Yaml), name: "shirts");
        await HoldAsync("PUT", "/api/v1/sweeps/{name}", 404, Body(Yaml.Replace("shirts", "nothing", StringComparison.Ordinal)), name: "nothing", change: r => r.Headers.IfMatch.Add(new("\"1\"")));
        await HoldAsync("GET", "/api/v1/sweeps/{name}/analysis", 200);
        await HoldAsync("GET", "/api/v1/sweeps/{name}/analysis", 404, name: "nothing");
        await HoldAsync("GET", "/api/v1/sweeps/{name}/trials", 200);
        await HoldAsync("GET", "/api/v1/sweeps/{name}/trials", 200, query: "?limit=1&state=Failed");
        await HoldAsync("GET", "/api/v1/sweeps/{name}/trials", 400, query: "?state=Happy");
        await HoldAsync("GET", "/api/v1/sweeps/{name}/trials/{number}", 200);
        await HoldAsync("GET", "/api/v1/sweeps/{name}/trials/{number}", 404, name: "nothing");
        await HoldAsync("GET", "/api/v1/sweeps/{name}/trials/{number}/explain", 200);
        await HoldAsync("GET", "/api/v1/sweeps/{name}/trials/{number}/explain", 404, name: "nothing");
        await HoldAsync("GET", "/api/v1/sweeps/{name}/events", 404, name: "nothing");
        await HoldAsync("GET", "/api/v1/sweeps/{name}/events", 400, query: "?after=soon");
        await HoldAsync("GET", "/api/v1/sweeps/{name}/events", 204, change: r => r.Headers.Add("Last-Event-ID", "1000000-end"));
        foreach (string verb in new[] { "pause", "resume", "stop", "cancel", "retry" })
        {
            await HoldAsync("POST", $"/api/v1/sweeps/{{name}}/{verb}", 404, name: "nothing");
            await HoldAsync("POST", $"/api/v1/sweeps/{{name}}/trials/{{number}}/{verb}", 404, name: "nothing");
        }

        asked.ShouldBe(
            from path in document.GetProperty("paths").EnumerateObject()
            from operation in path.Value.EnumerateObject()
            where path.Name.StartsWith("/api/", StringComparison.Ordinal)
            select $"{operation.Name.ToUpperInvariant()} {path.Name}",
            ignoreOrder: true);

        async Task HoldAsync(string method, string pattern, int status, HttpContent? body = null, string name = "fashion", string query = "", Action<HttpRequestMessage>? change = null)
        {
            string path = pattern.Replace("{name}", name, StringComparison.Ordinal).Replace("{number}", "1", StringComparison.Ordinal) + query;
            using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = body };
            change?.Invoke(request);
            using var answer = await Http.SendAsync(request, Patience);
            string text = await answer.Content.ReadAsStringAsync(Patience);
            ((int)answer.StatusCode).ShouldBe(status, $"{method} {path}: {text}");
            asked.Add($"{method} {pattern}");
            if (status == 204)
                return;
            var expected = schema.Of(method, pattern, status, answer.Content.Headers.ContentType!.MediaType!).ShouldNotBeNull($"{method} {pattern} {status} is not in the document");
            using var json = JsonDocument.Parse(text);
            schema.FaultsOf(json.RootElement, expected).ShouldBeEmpty($"{method} {path}");
            if (status >= 400)
                ProblemKind.All.ShouldContain(k => k.Status == status && k.Code == json.RootElement.GetProperty("code").GetString(), path);
        }
    }

    [Fact]
    public async Task An_answer_of_another_form_would_be_found()
    {
        await StartApiAsync();
        var schema = new ApiSchema(await DocumentAsync());
        var page = schema.Of("GET", "/api/v1/sweeps", 200, "application/json").ShouldNotBeNull();

        Faults("""{"sweeps": [], "next": null}""").ShouldBeEmpty();
        Faults("""{"sweeps": []}""").ShouldBe(["$: lacks next"]);
        Faults("""{"sweeps": [], "next": 7}""").ShouldHaveSingleItem().ShouldStartWith("$.next: Number is none of");
        Faults("""{"sweeps": [], "next": null, "more": 1}""").ShouldBe(["$: more is not in the document"]);
        Faults("""{"sweeps": [7], "next": null}""").ShouldHaveSingleItem().ShouldStartWith("$.sweeps[0]: Number is none of");

        IEnumerable<string> Faults(string json) => schema.FaultsOf(JsonDocument.Parse(json).RootElement, page);
    }

    private async Task<JsonElement> DocumentAsync()
    {
        using var answer = await Http.GetAsync(ApiDocument.Path, Patience);
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Patience));
        return json.RootElement.Clone();
    }

    private static StringContent Body(string yaml, string type = "application/yaml") => new(yaml, Encoding.UTF8, new MediaTypeHeaderValue(type));

    private static string WithoutConstraints(string pattern) => string.Join('/', pattern.Split('/').Select(p => p.StartsWith('{') ? p.Split(':', '}')[0] + "}" : p));
}
