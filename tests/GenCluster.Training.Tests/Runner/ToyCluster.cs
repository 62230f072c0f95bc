using System.Net;
using GenCluster.Collectives.Gangs;
using GenCluster.Collectives.Tree;
using GenCluster.Core.Checkpoints;
using GenCluster.Core.Identity;
using GenCluster.Core.Training;
using GenCluster.Core.Trials;
using GenCluster.Training.Runner;
using GenCluster.Training.Tests.Loop;

namespace GenCluster.Training.Tests.Runner;

/// <summary>
/// A trial and workers that come and go, each a thread with a listener of its own, and the orders that a coordinator
/// would give them. A worker that is killed closes everything in the middle of what it does, as a process would.
/// </summary>
internal sealed class ToyCluster(ToyTrial trial, TrialDefinition? definition = null, Func<ToyMaterials>? materials = null) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly List<ToyWorker> workers = [];
    private readonly List<ToyWorker> gang = [];
    private long epoch;

    /// <summary>What the leaders have reported and stored, as a journal would hold it.</summary>
    public Recorder Journal { get; } = new();

    public TrialDefinition Definition { get; } = definition ?? ToyTrial.Definition;

    public IReadOnlyList<ToyWorker> Gang => gang;

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
        epoch++;
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
        epoch++;
        foreach (var worker in gang)
            worker.Control.Regroup(OrderFor(worker, forced));
    }

    /// <summary>Kills a member; the others go on.</summary>
    public void Kill(ToyWorker worker)
    {
        worker.Kill();
        Regroup(forced: true, gang.Where(member => member != worker).ToArray());
    }

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
    }

    private TrialOrder OrderFor(ToyWorker receiver, bool forced)
    {
        var ranges = GangPlan.Divide(Definition.Training.Shards, gang.Count);
        GangMember[] members = [.. gang.Select((worker, i) => new GangMember(new WorkerId($"w{worker.Number}"), "127.0.0.1", worker.Port, ranges[i].Count))];
        lock (Journal)
        {
            return new TrialOrder(
                new Lease(Definition.Trial, epoch), Definition, members, gang.IndexOf(receiver), new byte[32], [.. Journal.Newest.Take(2)], forced,
                [.. Journal.Reports.Select(report => report.Step)]);
        }
    }

    /// <summary>One worker.</summary>
    internal sealed class ToyWorker(int number, ToyCluster cluster) : IAsyncDisposable
    {
        private readonly GangListener listener = new(IPAddress.Loopback);
        private Task? run;

        public int Number => number;

        public int Port => listener.EndPoint.Port;

        public bool Runs => run is not null;

        public RunControl Control { get; } = new();

        public Recorder Recorder { get; } = new();

        public void Start(TrialOrder order)
        {
            var runner = new TorchTrialRunner(
                new RunnerOptions { RunsDirectory = cluster.Trial.Runs, Listener = listener }, cluster.Materials?.Invoke() ?? new ToyMaterials(), TimeProvider.System);
            run = ToyTraining.OnOwnThread(() => Run(runner, order));
        }

        public void Kill()
        {
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
            try
            {
                var outcome = runner.Run(order, new Voice(this, cluster), Control);
                cluster.Journal.Ended.TrySetResult(outcome);
                return true;
            }
            catch (OperationCanceledException)
            {
                return false;
            }
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
                if (!cluster.Journal.Reports.Exists(known => known.Step == report.Step))
                    cluster.Journal.Evaluated(report, picture);
            }

            worker.Recorder.Evaluated(report, picture);
        }

        public void Checkpointed(CheckpointManifest manifest)
        {
            lock (cluster.Journal)
                cluster.Journal.Checkpointed(manifest);
            worker.Recorder.Checkpointed(manifest);
        }

        public void Warned(string message) => worker.Recorder.Warned(message);

        public void GangBroke(int? peer, string message) => worker.Recorder.GangBroke(peer, message);

        public void Joined(int step) => worker.Recorder.Joined(step);
    }

    private ToyTrial Trial => trial;

    private Func<ToyMaterials>? Materials => materials;
}
