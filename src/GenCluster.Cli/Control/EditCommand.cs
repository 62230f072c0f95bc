using System.CommandLine;
using GenCluster.Cli.CommandLine;
using GenCluster.Cli.Runs;
using GenCluster.Cli.Submission;
using GenCluster.Server.ReadModel;

namespace GenCluster.Cli.Control;

/// <summary><c>gencluster edit SWEEP FILE</c></summary>
internal sealed class EditCommand : Command, ITaught
{
    private readonly Argument<string> sweep = new("SWEEP") { Description = "The name of a sweep." };
    private readonly Argument<string> file = new("FILE") { Description = "The sweep file as it is to be from now on." };

    private readonly Option<int?> version = SharedOptions.Count(
        "--version-seen", "The version that you changed; another one in the meantime is refused. Default: the one that is in force.", int.MaxValue);

    private readonly Option<string?> reason = ReasonOption.New();
    private readonly ServerOptions server = new();
    private readonly Option<OutputFormat> output = SharedOptions.Output();

    public EditCommand(CliPorts ports)
        : base("edit", "Changes a sweep while it runs: more trials, a narrower space, another priority or scheduler. What was learned stays.")
    {
        Add(sweep);
        Add(file);
        Add(version);
        Add(reason);
        server.AddTo(this);
        Add(output);
        SetAction((parsed, cancellation) => RunAsync(
            new(parsed.GetRequiredValue(sweep), parsed.GetRequiredValue(file), parsed.GetValue(version), ReasonOption.Of(parsed, reason)),
            server.Of(parsed, ports), parsed.GetValue(output), ports, cancellation));
    }

    public IReadOnlyList<Example> Examples { get; } =
    [
        new("gencluster edit quickstart quickstart.yaml", "Go on with what the file says now; trials keep what they were begun with."),
        new("gencluster edit quickstart quickstart.yaml --version-seen 2", "Only if nobody else has changed it since version 2, which 'show' told you."),
    ];

    public string ExitCodes => ServerOption.ExitCodes;

    private static async Task<int> RunAsync(Edit edit, ServerAddress server, OutputFormat output, CliPorts ports, CancellationToken cancellation)
    {
        // Mistakes are told with the file's own name, and before anything is sent.
        if (SweepFiles.Load(edit.File, ports.Error) is not { } spec)
            return ExitCode.WrongInput;
        if (spec.Name != edit.Sweep)
            throw new CliException(ExitCode.WrongInput, $"{edit.File} is of a sweep '{spec.Name}', and '{edit.Sweep}' is to be changed; a sweep keeps its name");
        using var api = new ApiClient(server, ports, edit.Reason);
        long seen = edit.VersionSeen ?? (await api.GetAsync<SweepDetail>(ApiClient.PathOf(edit.Sweep), cancellation)).Version;
        var answer = await api.EditAsync(edit.Sweep, await File.ReadAllBytesAsync(edit.File, cancellation), seen, cancellation);
        ports.Error.WriteLine(answer.Version == seen ? $"sweep {edit.Sweep} is as the file says already, version {seen}" : $"sweep {edit.Sweep} goes on with version {answer.Version}");
        if (output is OutputFormat.Json)
            ApiText.WriteJson(answer, ports.Out);
        return ExitCode.Done;
    }

    private sealed record Edit(string Sweep, string File, int? VersionSeen, string? Reason);
}
