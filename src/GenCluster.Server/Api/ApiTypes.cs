using System.Text.Json;
using System.Text.Json.Serialization;
using GenCluster.Configuration.Diagnostics;
using GenCluster.Server.ReadModel;

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
/// <param name="Detail">A sentence that says what to do.</param>
/// <param name="Diagnostics">The mistakes of a submitted file; null for other problems.</param>
/// <param name="Code">For programs: one of <see cref="ProblemKind.All"/>.</param>
public sealed record ApiProblem(string Title, int Status, string Detail, IReadOnlyList<FileDiagnostic>? Diagnostics = null, string Code = "")
{
    public const string ContentType = "application/problem+json";
}

/// <summary>The answer to a verb: it is in the journal, or was so before.</summary>
/// <param name="Trial">Null: the sweep.</param>
/// <param name="Verb">pause, resume, stop, cancel or retry.</param>
/// <param name="Place">A place in the journal: who asks for the sweep sees what was done from there on. Null when it could not be read.</param>
public sealed record Controlled(string Sweep, int? Trial, string Verb, long? Place);

/// <summary>Why a trial has workers, or has none.</summary>
/// <param name="State">As the read model has it.</param>
/// <param name="Reason">A sentence for people; it names the trials and numbers that matter.</param>
/// <param name="Needs">What it asks for; null when it asks for nothing.</param>
/// <param name="Gang">The workers that it has.</param>
/// <param name="Workers">All workers that the coordinator knows.</param>
/// <param name="FreeWorkers">Those of them that work on nothing.</param>
public sealed record TrialExplanation(string Sweep, int Trial, string State, string Reason, TrialNeeds? Needs, IReadOnlyList<string> Gang, int Workers, int FreeWorkers);

/// <summary>What a trial needs to run.</summary>
/// <param name="MinWorkers">All of these at once, or none.</param>
/// <param name="Device">auto, cpu or cuda.</param>
/// <param name="Memory">Bytes of its device's memory that each worker needs; 0: not said.</param>
/// <param name="Priority">Trials with a higher one are served first.</param>
/// <param name="Project">Whose quota and share it uses.</param>
public sealed record TrialNeeds(int MinWorkers, int MaxWorkers, string Device, long Memory, int Priority, string Project);

/// <summary>The answer to a change of a sweep's specification.</summary>
/// <param name="Version">Of the specification that is in force now.</param>
/// <param name="Warnings">What the file should say otherwise.</param>
/// <param name="Place">A place in the journal: who asks for the sweep sees the change from there on. Null when it could not be read.</param>
public sealed record Edited(string Sweep, int Version, IReadOnlyList<FileDiagnostic> Warnings, long? Place);

/// <summary>How the API writes JSON, and its clients read it.</summary>
public static class ApiJson
{
    public static JsonSerializerOptions Options { get; } = Configure(new JsonSerializerOptions(JsonSerializerDefaults.Web));

    /// <summary>Makes other options the same.</summary>
    public static JsonSerializerOptions Configure(JsonSerializerOptions options)
    {
        options.MaxDepth = 32;
        options.NumberHandling = JsonNumberHandling.Strict; // a number is never a text
        options.Converters.Add(new ParameterValueJson());
        options.Converters.Add(new AssignmentJson());
        return options;
    }
}
