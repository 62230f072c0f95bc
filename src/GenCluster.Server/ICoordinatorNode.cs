namespace GenCluster.Server;

/// <summary>One of the nodes that a coordinator may live on. The coordinator is on one of them, and moves when that one goes.</summary>
public interface ICoordinatorNode : IAsyncDisposable
{
    /// <summary>What workers and other nodes dial: <c>akka.tcp://gencluster@10.0.0.1:4053</c>.</summary>
    string Address { get; }

    /// <summary>Where its HTTP API listens: <c>http://127.0.0.1:8080</c>; null when there is none.</summary>
    string? ApiAddress => null;

    /// <summary>Where it serves metrics: <c>http://127.0.0.1:9464</c>; null when it does not.</summary>
    string? MetricsAddress => null;

    /// <summary>Ends when the nodes have let this one in; never, when they do not.</summary>
    Task Joined { get; }

    /// <summary>Ends when the node has left the cluster, by its own will or another's, and says why.</summary>
    Task<NodeEnd> Ended { get; }

    /// <summary>Hands the coordinator over, if it is here, and leaves.</summary>
    Task LeaveAsync();
}

/// <summary>How the life of a node ended.</summary>
public abstract record NodeEnd
{
    private NodeEnd()
    {
    }

    /// <summary>It was asked to leave, and left.</summary>
    public sealed record Left : NodeEnd;

    /// <summary>The other nodes put it out, or the journal says that another coordinator rules.</summary>
    public sealed record Downed(string Reason) : NodeEnd;

    /// <summary>It reached none of the nodes that it was told of.</summary>
    public sealed record CouldNotJoin(string Reason) : NodeEnd;
}
