using System.CommandLine;
using GenCluster.Cli.CommandLine;
using GenCluster.Search.Analysis;
using GenCluster.Server.ReadModel;

namespace GenCluster.Cli.Submission;

/// <summary><c>gencluster show SWEEP</c></summary>
internal sealed class ShowCommand : Command, ITaught
{
    private readonly Argument<string> sweep = new("SWEEP") { Description = "The name of a sweep." };
    private readonly Option<int?> trial = SharedOptions.Count("--trial", "One trial: its gangs and why they ended, its reports, its checkpoints.", int.MaxValue);
    private readonly ServerOptions server = new();
    private readonly Option<OutputFormat> output = SharedOptions.Output();

    public ShowCommand(CliPorts ports)
        : base("show", "Shows a sweep with its trials and what they tell, or one trial with all that became of it.")
    {
        Add(sweep);
        Add(trial);
        server.AddTo(this);
        Add(output);
        SetAction((parsed, cancellation) => RunAsync(
            parsed.GetRequiredValue(sweep), parsed.GetValue(trial), server.Of(parsed, ports), parsed.GetValue(output), ports, cancellation));
    }

    public IReadOnlyList<Example> Examples { get; } =
    [
        new("gencluster show quickstart", "Its trials, what became of it, which hyperparameters matter, and what more trials would bring."),
        new("gencluster show quickstart --trial 3", "Every gang of trial 3, and why it changed."),
        new("gencluster show quickstart --output json", "The same for a program, with the data of slices and parallel coordinates."),
    ];

    public string ExitCodes => ServerOption.ExitCodes;

    private static async Task<int> RunAsync(string sweep, int? trial, ServerAddress server, OutputFormat output, CliPorts ports, CancellationToken cancellation)
    {
        using var api = new ApiClient(server, ports);
        string path = ApiClient.PathOf(sweep, trial);
        if (trial is not null)
        {
            ApiText.Write(await api.GetAsync<TrialDetail>(path, cancellation), output, ports.Out);
            return ExitCode.Done;
        }

        var detail = await api.GetAsync<SweepDetail>(path, cancellation);
        var analysis = await api.GetAsync<SweepAnalysis>(path + "/analysis", cancellation);
        if (output is OutputFormat.Json)
        {
            ApiText.WriteJson(new AnalysedSweep(detail, analysis), ports.Out);
            return ExitCode.Done;
        }

        ApiText.Write(detail, output, ports.Out);
        AnalysisText.Write(analysis, ports.Out);
        return ExitCode.Done;
    }
}

/// <summary>A sweep and what its trials tell.</summary>
internal sealed record AnalysedSweep(SweepDetail Detail, SweepAnalysis Analysis);
