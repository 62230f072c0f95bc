using System.Net;
using GenCluster.Collectives.Gangs;
using GenCluster.Collectives.Tree;
using GenCluster.Core.Checkpoints;
using GenCluster.Core.Identity;
using GenCluster.Core.Training;
using GenCluster.Core.Trials;
using GenCluster.Training.Runner;
using GenCluster.Training.Tests.Loop;
using GenCluster.Training.Tracing;

namespace GenCluster.Training.Tests.Runner;

/// <summary>
/// A trial and workers that come and go, each a thread with a listener of its own, and the orders that a coordinator
/// would give them. A worker that is killed closes everything in the middle of what it does, as a process would.
/// </summary>
/// <param name="wired">Whether members reach each other over cables that can be cut; only TCP goes through them.</param>
internal sealed class ToyCluster(ToyTrial trial, TrialDefinition? definition = null, Func<ToyMaterials>? materials = null, bool wired = false) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly List<ToyWorker> workers = [];
    private readonly List<ToyWorker> gang = [];
    private readonly Dictionary<(ToyWorker From, ToyWorker To), Cable> cables = [];
    private readonly Dictionary<ToyWorker, int> starts = []; // of the gang, when it got its order
    private long epoch;

    /// <summary>What the leaders have reported and stored, as a journal would hold it.</summary>
    public Recorder Journal { get; } = new();

    public TrialDefinition Definition { get; } = definition ?? ToyTrial.Definition;

    public IReadOnlyList<ToyWorker> Gang => gang;

    /// <summary>Whether all members are at work under the newest order: a coordinator plans no change before that.</summary>
    public bool IsSettled => gang.TrueForAll(worker => worker.Recorder.Starts > starts[worker]);

    /// <summary>A worker that does nothing yet.</summary>
    public ToyWorker Add()
    {
        var worker = new ToyWorker(workers.Count, this);
        workers.Add(worker);
        return worker;
    }

    /// <summary>Places the trial on workers that do not run it yet.</summary>
    public void Place(params IEnumerable<ToyWorker> members)
    {
        gang.Clear();
        gang.AddRange(members);
        Begin();
        foreach (var worker in gang)
            worker.Start(OrderFor(worker, forced: false));
    }

    /// <summary>Has a worker follow the gang's state.</summary>
    public void Invite(ToyWorker joiner)
    {
        var order = OrderFor(gang[0], forced: false) with { Member = TrialOrder.Joiner };
        if (joiner.Runs)
            joiner.Control.Regroup(order);
        else
            joiner.Start(order);
    }

    /// <summary>Gives the trial to another gang, of members that hold the state.</summary>
    public void Regroup(bool forced, params IEnumerable<ToyWorker> members)
    {
        ToyWorker[] next = [.. members];
        gang.Clear();
        gang.AddRange(next);
        Begin();
        foreach (var worker in gang)
            worker.Control.Regroup(OrderFor(worker, forced));
    }

    /// <summary>Kills a member; the others go on.</summary>
    public void Kill(ToyWorker worker)
    {
        worker.Kill();
        DoWithout(worker);
    }

    /// <summary>Gives the trial to the others.</summary>
    public void DoWithout(ToyWorker worker) => Regroup(forced: true, gang.Where(member => member != worker).ToArray());

    /// <summary>Nothing comes from a worker, nor to it, until <see cref="Mend"/>: nobody is told.</summary>
    public void Cut(ToyWorker worker) => CablesOf(worker).ForEach(cable => cable.Cut());

    public void Mend(ToyWorker worker) => CablesOf(worker).ForEach(cable => cable.Mend());

    /// <summary>Waits until a leader has completed the trial, and relieves the others.</summary>
    public async Task<RunOutcome> End()
    {
        var outcome = await Journal.Ended.Task.WaitAsync(Patience);
        await DisposeAsync();
        return outcome;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var worker in workers)
            await worker.DisposeAsync();
        foreach (var cable in cables.Values)
            cable.Dispose();
        cables.Clear();
    }

    private TrialOrder OrderFor(ToyWorker receiver, bool forced)
    {
        var ranges = GangPlan.Divide(Definition.Training.Shards, gang.Count);
        GangMember[] members = [.. gang.Select((worker, i) => new GangMember(new WorkerId($"w{worker.Number}"), "127.0.0.1", PortOf(worker, receiver), ranges[i].Count))];
        lock (Journal)
        {
            return new TrialOrder(
                new Lease(Definition.Trial, epoch), Definition, members, gang.IndexOf(receiver), new byte[32], [.. Journal.Newest.Take(2)], forced,
                [.. Journal.Reports.Select(report => report.Step)]);
        }
    }

    private void Begin()
    {
        epoch++;
        starts.Clear();
        foreach (var worker in gang)
            starts[worker] = worker.Recorder.Starts;
    }

    private int PortOf(ToyWorker worker, ToyWorker receiver)
    {
        if (!wired || worker == receiver)
            return worker.Port;
        if (!cables.TryGetValue((receiver, worker), out var cable))
            cables[(receiver, worker)] = cable = new Cable(worker.Port);
        return cable.Port;
    }

    private List<Cable> CablesOf(ToyWorker worker) => [.. cables.Where(cable => cable.Key.From == worker || cable.Key.To == worker).Select(cable => cable.Value)];

    /// <summary>One worker.</summary>
    internal sealed class ToyWorker(int number, ToyCluster cluster) : IAsyncDisposable
    {
        [ThreadStatic]
        private static ToyWorker? running;

        private readonly GangListener listener = new(IPAddress.Loopback);
        private Task? run;
        private volatile Strike? strike;
        private int applied;

        public int Number => number;

        public int Port => listener.EndPoint.Port;

        public bool Runs => run is not null;

        public RunControl Control { get; } = new();

        public Recorder Recorder { get; } = new();

        /// <summary>How many sums it has applied.</summary>
        public int Applied => Volatile.Read(ref applied);

        public bool IsDead { get; private set; }

        /// <summary>The worker of this thread comes to a phase of its step.</summary>
        public static void ComesTo(string phase) => running?.Begin(phase);

        /// <summary>Does something to this worker, on its own thread, when it comes to a phase for the <paramref name="count"/>th time from now on.</summary>
        /// <returns>Ends when it is done.</returns>
        public Task StrikeAt(string phase, int count, Action action)
        {
            var next = new Strike(phase, count, action);
            strike = next;
            return next.Done;
        }

        public void Spare() => strike = null;

        public void Start(TrialOrder order)
        {
            var runner = new TorchTrialRunner(
                new RunnerOptions { RunsDirectory = cluster.Trial.Runs, Listener = listener }, cluster.Materials?.Invoke() ?? new ToyMaterials(), TimeProvider.System);
            run = ToyTraining.OnOwnThread(() => Run(runner, order));
        }

        public void Kill()
        {
            IsDead = true;
            Control.Abort();
            listener.Dispose();
        }

        public async ValueTask DisposeAsync()
        {
            Control.Abort();
            if (run is not null)
                await run.WaitAsync(Patience);
            listener.Dispose();
        }

        private bool Run(TorchTrialRunner runner, TrialOrder order)
        {
            running = this;
            try
            {
                var outcome = runner.Run(order, new Voice(this, cluster), Control);
                if (!IsDead)
                    cluster.Journal.Ended.TrySetResult(outcome);
                return true;
            }
            catch (OperationCanceledException)
            {
                return false;
            }
            finally
            {
                running = null;
            }
        }

        private void Begin(string phase)
        {
            strike?.At(phase);
            if (phase == TrainingTrace.Apply)
                Interlocked.Increment(ref applied);
        }
    }

    private sealed class Strike(string phase, int count, Action action)
    {
        private readonly TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int left = count;

        public Task Done => done.Task;

        public void At(string now)
        {
            if (now != phase || --left != 0)
                return;
            action();
            done.TrySetResult();
        }
    }

    /// <summary>What a worker says is its own to remember and, unless it is dead, the journal's.</summary>
    private sealed class Voice(ToyWorker worker, ToyCluster cluster) : ITrialObserver
    {
        public void Started(int step) => worker.Recorder.Started(step);

        public void Progressed(StepProgress progress) => worker.Recorder.Progressed(progress);

        public void Evaluated(MetricReport report, SamplePicture? picture)
        {
            lock (cluster.Journal)
            {
                if (!worker.IsDead && !cluster.Journal.Reports.Exists(known => known.Step == report.Step))
                    cluster.Journal.Evaluated(report, picture);
            }

            worker.Recorder.Evaluated(report, picture);
        }

        public void Checkpointed(CheckpointManifest manifest)
        {
            lock (cluster.Journal)
            {
                if (!worker.IsDead)
                    cluster.Journal.Checkpointed(manifest);
            }

            worker.Recorder.Checkpointed(manifest);
        }

        public void Warned(string message) => worker.Recorder.Warned(message);

        public void GangBroke(int? peer, string message) => worker.Recorder.GangBroke(peer, message);

        public void Joined(int step) => worker.Recorder.Joined(step);
    }

    private ToyTrial Trial => trial;

    private Func<ToyMaterials>? Materials => materials;
}
