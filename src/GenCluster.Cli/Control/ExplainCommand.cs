using System.CommandLine;
using GenCluster.Cli.CommandLine;
using GenCluster.Cli.Submission;
using GenCluster.Core.Placement;
using GenCluster.Server.Api;

namespace GenCluster.Cli.Control;

/// <summary><c>gencluster explain SWEEP TRIAL</c></summary>
internal sealed class ExplainCommand : Command, ITaught
{
    private readonly Argument<string> sweep = new("SWEEP") { Description = "The name of a sweep." };

    private readonly Argument<int> trial = new("TRIAL")
    {
        Description = "The number of one of its trials.",
        CustomParser = result =>
        {
            if (int.TryParse(result.Tokens[^1].Value, out int number) && number >= 1)
                return number;
            result.AddError($"TRIAL is the number of a trial, from 1, not '{result.Tokens[^1].Value}'");
            return 0;
        },
    };

    private readonly ServerOptions server = new();
    private readonly Option<OutputFormat> output = SharedOptions.Output();

    public ExplainCommand(CliPorts ports)
        : base("explain", "Says why a trial waits, what it needs to run, and what there is.")
    {
        Add(sweep);
        Add(trial);
        server.AddTo(this);
        Add(output);
        SetAction((parsed, cancellation) => RunAsync(
            parsed.GetRequiredValue(sweep), parsed.GetRequiredValue(trial), server.Of(parsed, ports), parsed.GetValue(output), ports, cancellation));
    }

    public IReadOnlyList<Example> Examples { get; } =
    [
        new("gencluster explain quickstart 3", "The coordinator's own decision at this moment: who comes first, or what is missing."),
    ];

    public string ExitCodes => ServerOption.ExitCodes;

    private static async Task<int> RunAsync(string sweep, int trial, ServerAddress server, OutputFormat output, CliPorts ports, CancellationToken cancellation)
    {
        using var api = new ApiClient(server, ports);
        var answer = await api.GetAsync<TrialExplanation>(ApiClient.PathOf(sweep, trial) + "/explain", cancellation);
        if (output is OutputFormat.Json)
            ApiText.WriteJson(answer, ports.Out);
        else
            Write(answer, ports.Out);
        return ExitCode.Done;
    }

    private static void Write(TrialExplanation answer, TextWriter output)
    {
        output.WriteLine($"{answer.Sweep}, trial {answer.Trial}: {answer.State}");
        output.WriteLine($"  {answer.Reason}");
        if (answer.Needs is { } needs)
        {
            string workers = needs.MinWorkers == needs.MaxWorkers ? $"{needs.MinWorkers}" : $"{needs.MinWorkers} to {needs.MaxWorkers}";
            string memory = needs.Memory > 0 ? $", {ByteSize.Text(needs.Memory)} each" : "";
            output.WriteLine($"  asks for  {workers} workers, device {needs.Device}{memory}; priority {needs.Priority}, project {needs.Project}");
        }

        output.WriteLine($"  there are {answer.Workers} workers, {answer.FreeWorkers} of them free");
    }
}
