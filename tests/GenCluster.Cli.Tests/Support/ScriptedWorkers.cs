using GenCluster.Cli.Workers;

namespace GenCluster.Cli.Tests.Support;

/// <summary>Workers that do what a test tells them.</summary>
/// <param name="act">Called with each new worker and how often one of that name was started before.</param>
internal sealed class ScriptedWorkers(Action<ScriptedWorker, int>? act = null) : IWorkerLauncher
{
    private readonly Lock gate = new();
    private readonly List<ScriptedWorker> started = [];

    public IReadOnlyList<ScriptedWorker> Started
    {
        get
        {
            lock (gate)
                return [.. started];
        }
    }

    public IWorkerProcess Start(WorkerLaunch launch)
    {
        var worker = new ScriptedWorker(launch);
        int before;
        lock (gate)
        {
            before = started.Count(w => w.Launch.Name == launch.Name);
            started.Add(worker);
        }

        act?.Invoke(worker, before);
        return worker;
    }
}

internal sealed class ScriptedWorker(WorkerLaunch launch) : IWorkerProcess
{
    private readonly TaskCompletionSource<int> exited = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public WorkerLaunch Launch { get; } = launch;

    /// <summary>Stays when asked to leave.</summary>
    public bool Stubborn { get; set; }

    public int Id => 1;

    public Task<int> Exited => exited.Task;

    public string LastError { get; set; } = "";

    public bool Asked { get; private set; }

    public bool Killed { get; private set; }

    public void Exit(int code) => exited.TrySetResult(code);

    public void CloseInput()
    {
        Asked = true;
        if (!Stubborn)
            Exit(0);
    }

    public void Kill()
    {
        Killed = true;
        Exit(137);
    }

    public void Dispose()
    {
    }
}
