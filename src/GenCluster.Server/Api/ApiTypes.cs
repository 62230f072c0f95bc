using System.Text.Json;
using GenCluster.Configuration.Diagnostics;

namespace GenCluster.Server.Api;

/// <summary>The answer to a sweep that was taken.</summary>
/// <param name="Known">Whether it was there before, and the same.</param>
/// <param name="Warnings">What its file should say otherwise.</param>
/// <param name="Place">A place in the journal: who asks for the sweep sees this submission from there on. Null when it could not be read.</param>
public sealed record SubmittedSweep(string Name, bool Known, IReadOnlyList<FileDiagnostic> Warnings, long? Place);

/// <summary>A mistake in a submitted file. Lines and columns count from 1.</summary>
/// <param name="Severity"><c>error</c> or <c>warning</c>.</param>
public sealed record FileDiagnostic(int Line, int Column, string Severity, string Code, string Message)
{
    public static FileDiagnostic Of(Diagnostic diagnostic) => new(
        diagnostic.Line, diagnostic.Column, diagnostic.Word, diagnostic.Code, diagnostic.Message);
}

/// <summary>Why a request was not served, as RFC 9457 has it.</summary>
/// <param name="Diagnostics">The mistakes of a submitted file; null for other problems.</param>
public sealed record ApiProblem(string Title, int Status, string Detail, IReadOnlyList<FileDiagnostic>? Diagnostics = null)
{
    public const string ContentType = "application/problem+json";
}

/// <summary>How the API writes JSON, and its clients read it.</summary>
public static class ApiJson
{
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web) { MaxDepth = 32 };
}
