using System.CommandLine;
using GenCluster.Cli.CommandLine;
using GenCluster.Server.ReadModel;

namespace GenCluster.Cli.Submission;

/// <summary><c>gencluster ls</c></summary>
internal sealed class ListCommand : Command, ITaught
{
    private readonly ServerOptions server = new();
    private readonly Option<OutputFormat> output = SharedOptions.Output();

    public ListCommand(CliPorts ports)
        : base("ls", "Lists the sweeps of a coordinator, also those that ended.")
    {
        server.AddTo(this);
        Add(output);
        SetAction((parsed, cancellation) => RunAsync(server.Of(parsed, ports), parsed.GetValue(output), ports, cancellation));
    }

    public IReadOnlyList<Example> Examples { get; } =
    [
        new("gencluster ls", "One line for each sweep, by name."),
        new("gencluster ls --output json", "The same for a program."),
    ];

    public string ExitCodes => ServerOption.ExitCodes;

    private static async Task<int> RunAsync(ServerAddress server, OutputFormat output, CliPorts ports, CancellationToken cancellation)
    {
        using var api = new ApiClient(server, ports);
        var sweeps = new List<SweepSummary>();
        string? after = null;
        do
        {
            var page = await api.GetAsync<SweepPage>(after is null ? "/api/v1/sweeps" : $"/api/v1/sweeps?after={Uri.EscapeDataString(after)}", cancellation);
            sweeps.AddRange(page.Sweeps);
            after = page.Next;
        }
        while (after is not null);

        ApiText.Write(sweeps, output, ports.Out);
        return ExitCode.Done;
    }
}
