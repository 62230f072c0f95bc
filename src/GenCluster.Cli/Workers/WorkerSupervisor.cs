namespace GenCluster.Cli.Workers;

/// <summary>How workers are kept alive.</summary>
/// <param name="MaxDeaths">A worker that dies this often within <paramref name="Window"/> is not started again.</param>
/// <param name="MinAlive">With fewer workers than this left, the run cannot go on.</param>
public sealed record SupervisionOptions(int MaxDeaths, TimeSpan Window, int MinAlive)
{
    public static SupervisionOptions For(int minAlive) => new(5, TimeSpan.FromSeconds(60), minAlive);
}

/// <summary>
/// Keeps a fixed set of workers running: one that dies is started again under the same name, until it dies too often
/// or says itself that starting again is of no use.
/// </summary>
public sealed class WorkerSupervisor(IWorkerLauncher launcher, SupervisionOptions options, TimeProvider time, Action<string> say)
{
    /// <summary>A worker's exit code for a start that cannot succeed; its last line on standard error says why.</summary>
    public const int BadStart = 2;

    /// <summary>A worker's exit code when it was asked to leave and had no time to hand its trial over.</summary>
    public const int LeftInHaste = 4;

    private readonly Lock gate = new();
    private readonly Dictionary<string, IWorkerProcess> running = [];
    private readonly List<Task> supervisions = [];
    private readonly TaskCompletionSource<string> gaveUp = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int alive;
    private bool stopping;

    /// <summary>Ends, with a sentence for people, when too few workers are left.</summary>
    public Task<string> GaveUp => gaveUp.Task;

    public void Start(IReadOnlyList<WorkerLaunch> launches)
    {
        alive = launches.Count;
        foreach (var launch in launches)
            supervisions.Add(Task.Run(() => SuperviseAsync(launch)));
    }

    /// <summary>From now on, a worker that leaves is let go.</summary>
    public void RestartNoMore() => BeginStop();

    /// <summary>Asks all to leave, and kills those that are still there after <paramref name="grace"/>.</summary>
    public async Task StopAsync(TimeSpan grace)
    {
        foreach (var process in BeginStop())
            process.CloseInput();
        var all = Task.WhenAll(supervisions);
        try
        {
            await all.WaitAsync(grace, time);
        }
        catch (TimeoutException)
        {
            KillAll();
            await all;
        }
    }

    /// <summary>For the end of the process: no asking, no waiting.</summary>
    public void KillAll()
    {
        foreach (var process in BeginStop())
            process.Kill();
    }

    private IWorkerProcess[] BeginStop()
    {
        lock (gate)
        {
            stopping = true;
            return [.. running.Values];
        }
    }

    private async Task SuperviseAsync(WorkerLaunch launch)
    {
        var deaths = new Queue<long>();
        while (TryStart(launch, out var process, out string? problem))
        {
            string? ended = null; // how, when it did not die
            if (process is not null)
            {
                int code = await process.Exited;
                ended = EndOf(code);
                problem = Describe(code, process.LastError, launch.Log, out bool hopeless);
                if (!Release(launch.Name, process))
                    return;
                if (hopeless)
                {
                    GiveUp($"{launch.Name} cannot start: {problem}", all: true);
                    return;
                }
            }

            deaths.Enqueue(time.GetTimestamp());
            while (time.GetElapsedTime(deaths.Peek()) > options.Window)
                deaths.Dequeue();
            if (deaths.Count >= options.MaxDeaths)
            {
                GiveUp($"{launch.Name} {ended ?? "died"} {deaths.Count} times within {options.Window.TotalSeconds:0} s and is not started again: {problem}", all: false);
                return;
            }

            say(ended is not null ? $"{launch.Name} {ended}; starting it again" : $"{launch.Name} died: {problem}; starting it again");
        }
    }

    // False once stopping. A start that fails is a death without a process.
    private bool TryStart(WorkerLaunch launch, out IWorkerProcess? process, out string? problem)
    {
        (process, problem) = (null, null);
        lock (gate)
        {
            if (stopping)
                return false;
            try
            {
                process = launcher.Start(launch);
                running[launch.Name] = process;
            }
            catch (IOException failure)
            {
                problem = failure.Message;
            }

            return true;
        }
    }

    // Whether the worker is still wanted.
    private bool Release(string name, IWorkerProcess process)
    {
        lock (gate)
        {
            running.Remove(name);
            process.Dispose();
            return !stopping;
        }
    }

    private void GiveUp(string sentence, bool all)
    {
        bool enough = Interlocked.Decrement(ref alive) >= options.MinAlive;
        if (enough && !all)
            say(sentence);
        else
            gaveUp.TrySetResult(sentence);
    }

    /// <summary>Null for a death; else it was asked to go, by somebody else.</summary>
    private static string? EndOf(int code) => code switch
    {
        0 => "left",
        LeftInHaste => "left in haste",
        _ => null,
    };

    private static string Describe(int exitCode, string lastError, string log, out bool hopeless)
    {
        hopeless = exitCode == BadStart && lastError.Length > 0;
        if (hopeless)
            return lastError;
        string how = exitCode > 128 ? $"signal {exitCode - 128}" : $"exit code {exitCode}";
        return lastError.Length > 0 ? $"{how}, last words: {lastError}" : $"{how}, see {log}";
    }
}
