using System.Globalization;
using System.Text.Json;
using GenCluster.Configuration.Access;
using GenCluster.Server.Access;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace GenCluster.Server.Api;

/// <summary>The API's own description, made from its endpoints: <c>GET /api/v1/openapi.json</c>.</summary>
internal static class ApiDocument
{
    public const string Path = "/api/v1/openapi.json";

    private const string Name = "v1";
    private const string Bearer = "bearer";

    private static readonly Dictionary<string, string> Parameters = new(StringComparer.Ordinal)
    {
        ["name"] = "The name of a sweep.",
        ["number"] = "The number of a trial, from 1.",
        ["after"] = "What was the last one of the page before.",
        ["limit"] = string.Create(CultureInfo.InvariantCulture, $"How many at most: from 1 to {Paging.MaxPage}, which is the default."),
        ["state"] = "Those in this state alone.",
    };

    public static void AddApiDocument(this IServiceCollection services)
    {
        services.ConfigureHttpJsonOptions(json => ApiJson.Configure(json.SerializerOptions));
        services.AddOpenApi(Name, document => document
            .AddDocumentTransformer((description, _, _) =>
            {
                description.Info = new OpenApiInfo { Title = "GenCluster", Version = Name, Description = "Sweeps over hyperparameters of generative models. Refusals are problems as RFC 9457 has them, each with a code." };
                description.Servers = [];
                description.AddComponent(Bearer, new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "A token, where the server knows its callers." });
                description.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Bearer, description)] = [] }];
                foreach (var schema in description.Components?.Schemas?.Values ?? [])
                    AllowAnything(schema);
                return Task.CompletedTask;
            })
            .AddOperationTransformer((operation, about, _) =>
            {
                operation.Tags?.Clear();
                var metadata = about.Description.ActionDescriptor.EndpointMetadata;
                if (metadata.OfType<IAllowAnonymous>().Any())
                    operation.Security = [];
                else if (metadata.OfType<IAuthorizeData>().FirstOrDefault() is { Policy: { } role })
                    operation.Description = $"Needs the role {role}.";
                foreach (var parameter in operation.Parameters ?? [])
                    parameter.Description = Parameters.GetValueOrDefault(parameter.Name ?? "");
                if (metadata.OfType<EndpointDescriptions.SweepFileBody>().Any())
                    operation.RequestBody = SweepFile();
                return Task.CompletedTask;
            }));
    }

    public static void MapApiDocument(this IEndpointRouteBuilder routes) => routes.MapOpenApi(Path).Needs(Role.Viewer);

    /// <summary>"Null, or anything" cannot be told apart by a null, so it is not said: it is anything.</summary>
    private static void AllowAnything(IOpenApiSchema schema)
    {
        foreach (var (name, member) in schema.Properties?.ToArray() ?? [])
        {
            if (member.OneOf?.OfType<OpenApiSchemaReference>().Any(r => r.Reference.Id == nameof(JsonElement)) is true)
                schema.Properties![name] = new OpenApiSchema { Description = member.Description };
        }
    }

    private static OpenApiRequestBody SweepFile() => new()
    {
        Description = "A sweep file.",
        Required = true,
        Content = new Dictionary<string, OpenApiMediaType> { [SweepBody.Yaml] = new() { Schema = new OpenApiSchema { Type = JsonSchemaType.String } } },
    };
}
