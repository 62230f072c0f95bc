using System.CommandLine;
using System.Globalization;
using GenCluster.Cli.CommandLine;
using GenCluster.Server.ReadModel;

namespace GenCluster.Cli.Submission;

/// <summary><c>gencluster show SWEEP</c></summary>
internal sealed class ShowCommand : Command, ITaught
{
    private readonly Argument<string> sweep = new("SWEEP") { Description = "The name of a sweep." };
    private readonly Option<int?> trial = SharedOptions.Count("--trial", "One trial: its gangs and why they ended, its reports, its checkpoints.", int.MaxValue);
    private readonly Option<Uri?> server = ServerOption.New();
    private readonly Option<OutputFormat> output = SharedOptions.Output();

    public ShowCommand(CliPorts ports)
        : base("show", "Shows a sweep with its trials, or one trial with all that became of it.")
    {
        Add(sweep);
        Add(trial);
        Add(server);
        Add(output);
        SetAction((parsed, cancellation) => RunAsync(
            parsed.GetRequiredValue(sweep), parsed.GetValue(trial), ServerOption.Of(parsed.GetValue(server), ports), parsed.GetValue(output), ports, cancellation));
    }

    public IReadOnlyList<Example> Examples { get; } =
    [
        new("gencluster show quickstart", "Its trials, the best one, and what became of it."),
        new("gencluster show quickstart --trial 3", "Every gang of trial 3, and why it changed."),
    ];

    private static async Task<int> RunAsync(string sweep, int? trial, Uri server, OutputFormat output, CliPorts ports, CancellationToken cancellation)
    {
        using var api = new ApiClient(server, ports);
        string path = $"/api/v1/sweeps/{Uri.EscapeDataString(sweep)}";
        if (trial is { } number)
            ApiText.Write(await api.GetAsync<TrialDetail>(path + "/trials/" + number.ToString(CultureInfo.InvariantCulture), cancellation), output, ports.Out);
        else
            ApiText.Write(await api.GetAsync<SweepDetail>(path, cancellation), output, ports.Out);
        return ExitCode.Done;
    }
}
