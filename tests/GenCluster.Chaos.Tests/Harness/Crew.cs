namespace GenCluster.Chaos.Tests.Harness;

/// <summary>A cluster's processes, with somebody who starts again what has ended, as Kubernetes does.</summary>
internal sealed class Crew(CoordinatorCluster cluster, IReadOnlyList<string> workerNames)
{
    private readonly Dictionary<string, Gencluster> workers = workerNames.ToDictionary(name => name, cluster.StartWorker);

    public Gencluster Worker(string name) => workers[name];

    /// <summary>Starts again whoever has ended.</summary>
    /// <returns>How many had.</returns>
    public int Tend()
    {
        string[] deadWorkers = [.. workers.Where(worker => worker.Value.HasExited).Select(worker => worker.Key)];
        foreach (string name in deadWorkers)
            workers[name] = cluster.StartWorker(name);
        int[] deadNodes = [.. cluster.Ports.Where(port => cluster.Node(port).HasExited)];
        foreach (int port in deadNodes)
            cluster.StartNode(port);
        return deadWorkers.Length + deadNodes.Length;
    }

    public async Task EndAsync(Gencluster process, int signal)
    {
        ProcessGroup.Signal(process.Id, signal);
        await process.EndAsync();
        Tend();
    }

    public static async Task FreezeAsync(Gencluster process, TimeSpan time)
    {
        ProcessGroup.Signal(process.Id, ProcessGroup.Stop);
        await Task.Delay(time);
        ProcessGroup.Signal(process.Id, ProcessGroup.Continue);
    }
}
