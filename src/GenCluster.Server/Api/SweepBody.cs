using GenCluster.Configuration;
using GenCluster.Configuration.Diagnostics;
using GenCluster.Core.Sweeps;
using Microsoft.AspNetCore.Http;

namespace GenCluster.Server.Api;

/// <summary>The sweep file in the body of a request.</summary>
/// <param name="Spec">Null when there is a problem.</param>
/// <param name="Problem">Why it is none; null when it is one.</param>
internal sealed record SweepBody(SweepSpec? Spec, IReadOnlyList<Diagnostic> Warnings, IResult? Problem)
{
    public const string Yaml = "application/yaml";

    private const string FileName = "sweep.yaml";
    private static readonly string[] Types = [Yaml, "application/x-yaml", "text/yaml"];

    public static async Task<SweepBody> ReadAsync(HttpContext context)
    {
        string type = context.Request.ContentType?.Split(';')[0].Trim() ?? "";
        if (!Types.Contains(type, StringComparer.OrdinalIgnoreCase))
            return new SweepBody(null, [], Problems.Of(ProblemKind.NotYaml, $"send the sweep file with Content-Type {Yaml}, not '{type}'"));

        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var file = SweepFile.Parse(FileName, body.GetBuffer().AsSpan(0, (int)body.Length));
        return file.Spec is { } spec
            ? new SweepBody(spec, file.Diagnostics, null)
            : new SweepBody(null, [], Problems.Of(ProblemKind.Mistakes, string.Join('\n', file.Diagnostics), [.. file.Diagnostics.Select(FileDiagnostic.Of)]));
    }
}
