using GenCluster.Cli.CommandLine;
using GenCluster.Cli.Runs;
using GenCluster.Server;

namespace GenCluster.Cli.Serving;

/// <summary><c>gencluster serve</c> from its start to the exit code.</summary>
internal sealed class Serving(ServeSettings settings, CliPorts ports)
{
    public async Task<int> RunAsync()
    {
        var options = settings.Options();
        using var interruption = new Interruption(ports.Signals, () => ports.Exit(ExitCode.Interrupted));
        await using var node = await JoinAsync(options, interruption.Token);
        Say($"coordinator node {node.Address}, journal in {options.Journal.Name}");
        if (node.ApiAddress is { } api)
            Say($"API at {api}");
        if (node.MetricsAddress is { } metrics)
            Say($"metrics at {metrics}/metrics");
        if (settings.Seeds.Count > 1)
            _ = SayWhenJoinedAsync(node);

        await Task.WhenAny(node.Ended, interruption.Requested);
        if (interruption.IsRequested)
        {
            Say("leaving, and handing the coordinator over if it is here (another signal stops at once)");
            await node.LeaveAsync();
        }

        return Tell(await node.Ended, node.Address);
    }

    private async Task<ICoordinatorNode> JoinAsync(CoordinatorOptions options, CancellationToken cancellation)
    {
        try
        {
            return await ports.JoinCoordinators(options, cancellation);
        }
        catch (CoordinatorStartException failure)
        {
            throw new CliException(ExitCode.Failed, failure.Message);
        }
        catch (OperationCanceledException)
        {
            throw new CliException(ExitCode.Interrupted, "interrupted before the node had started");
        }
    }

    private async Task SayWhenJoinedAsync(ICoordinatorNode node)
    {
        await node.Joined;
        Say("joined the other coordinator nodes");
    }

    private int Tell(NodeEnd end, string address)
    {
        switch (end)
        {
            case NodeEnd.Left:
                return ExitCode.Done;
            case NodeEnd.Downed(var reason):
                Say($"gencluster: node {address} was put out: {reason}; start it again");
                return ExitCode.Downed;
            case NodeEnd.CouldNotJoin(var reason):
                Say($"gencluster: node {address} could not join: {reason}; start the first node that --seed names, then this one again");
                return ExitCode.CouldNotJoin;
            default:
                throw new ArgumentOutOfRangeException(nameof(end), end, "not a known end");
        }
    }

    private void Say(string line) => ports.Error.WriteLine(line);
}
