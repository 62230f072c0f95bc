using MessagePack;

namespace GenCluster.Core.Sweeps;

/// <summary>A program that is a trial: any program, in any language.</summary>
/// <param name="Arguments">
/// The program and its arguments. Macros are filled in for each trial: W&amp;B's (<c>${program}</c>, <c>${args}</c>,
/// <c>${args_json}</c>, <c>${envvar:NAME}</c>, …) and Katib's <c>${trialParameters.NAME}</c>.
/// </param>
/// <param name="Program">What <c>${program}</c> stands for; null when no macro asks for it.</param>
/// <param name="Environment">Variables besides those that every trial gets.</param>
/// <param name="Folder">Where it runs, absolute, as workers see it; null: the trial's own folder.</param>
/// <param name="Metrics">How it says what it measured.</param>
/// <param name="MetricsPath">A file, relative to the trial's folder, for those ways that need one.</param>
/// <param name="GraceSeconds">From SIGTERM to SIGKILL.</param>
/// <param name="Resource">The metric or key that counts its steps; null: evaluations are counted.</param>
[MessagePackObject]
public sealed record CommandSpec(
    [property: Key(0)] string[] Arguments,
    [property: Key(1)] string? Program = null,
    [property: Key(2)] EnvironmentVariable[]? Environment = null,
    [property: Key(3)] string? Folder = null,
    [property: Key(4)] MetricsSource Metrics = MetricsSource.Output,
    [property: Key(5)] string? MetricsPath = null,
    [property: Key(6)] int GraceSeconds = 15,
    [property: Key(7)] string? Resource = null)
{
    /// <summary>What stands in place of a model of the zoo.</summary>
    public const string Model = "command";

    /// <summary>The steps of a trial whose file says none: more than any reports, so that only the program itself ends it.</summary>
    public const int NoEnd = 100_000_000;

    public bool Equals(CommandSpec? other) =>
        other is not null
        && (Program, Folder, Metrics, MetricsPath, GraceSeconds, Resource) == (other.Program, other.Folder, other.Metrics, other.MetricsPath, other.GraceSeconds, other.Resource)
        && Arguments.AsSpan().SequenceEqual(other.Arguments) && (Environment ?? []).AsSpan().SequenceEqual(other.Environment ?? []);

    public override int GetHashCode() => HashCode.Combine(Program, Folder, Metrics, MetricsPath, Arguments.Length);
}

/// <summary>A variable of a program's environment.</summary>
[MessagePackObject]
public sealed record EnvironmentVariable([property: Key(0)] string Name, [property: Key(1)] string Value);

/// <summary>How a program says what it measured. Stored in the journal: never renumber.</summary>
public enum MetricsSource
{
    /// <summary>Lines of its output: JSON objects, and Katib's <c>name=value</c>.</summary>
    Output = 0,

    /// <summary>Lines of a file that it appends to, in the same forms.</summary>
    File = 1,

    /// <summary>The history that W&amp;B's client writes when it is offline.</summary>
    Wandb = 2,

    /// <summary>It sends JSON to the address in <c>GENCLUSTER_METRICS_URL</c>, which only it can reach and which needs the token in <c>GENCLUSTER_METRICS_TOKEN</c>.</summary>
    Http = 3,
}
