using GenCluster.Server;

namespace GenCluster.Cli.Tests.Support;

/// <summary>A coordinator node that ends as it is told.</summary>
internal sealed class ScriptedNode : ICoordinatorNode
{
    private readonly TaskCompletionSource<NodeEnd> ended = new();

    public string Address => "akka.tcp://gencluster@127.0.0.1:4053";

    public string? ApiAddress { get; set; }

    public Task Joined { get; set; } = Task.CompletedTask;

    public Task<NodeEnd> Ended => ended.Task;

    public bool IsDisposed { get; private set; }

    public void End(NodeEnd end) => ended.SetResult(end);

    public Task LeaveAsync()
    {
        End(new NodeEnd.Left());
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        IsDisposed = true;
        return ValueTask.CompletedTask;
    }
}
