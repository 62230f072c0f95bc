using System.Net;
using GenCluster.Collectives.Gangs;
using GenCluster.Collectives.Tree;
using GenCluster.Core.Checkpoints;
using GenCluster.Core.Identity;
using GenCluster.Core.Parameters;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Training;
using GenCluster.Core.Trials;
using GenCluster.Training.Runner;
using GenCluster.Training.Tests.Loop;

namespace GenCluster.Training.Tests.Runner;

/// <summary>A trial of a toy model in a folder of its own, and runs of it.</summary>
internal sealed class ToyTrial : IDisposable
{
    public static readonly TrialDefinition Definition = new(
        new TrialId(new SweepId("toys"), 3), "toy", Assignment.Empty, new DataSpec("toys", null, 8, 0),
        ToyTraining.Spec with { Steps = 7 }, new EvaluationSpec(16, 1, 1), new ObjectiveSpec("swd", Goal.Minimize), new ResourceSpec(1, 1, "cpu"));

    public string Runs { get; } = Directory.CreateTempSubdirectory("gencluster-").FullName;

    public string Folder => Path.Combine(Runs, "toys", "trials", "0003");

    public string CheckpointFolder => Path.Combine(Folder, "checkpoints");

    public string Metrics => File.ReadAllText(Path.Combine(Folder, "metrics.csv"));

    /// <summary>The milestone of the next runs; null: they train to the end.</summary>
    public int? Until { get; set; }

    /// <summary>Of the lease that the next run works under; each has one of its own.</summary>
    public long Epoch { get; private set; }

    public void Dispose() => Directory.Delete(Runs, recursive: true);

    public RunOutcome Run(
        ITrialObserver observer, RunControl? control = null, ITrialMaterials? materials = null, TrialDefinition? definition = null,
        params CheckpointManifest[] checkpoints)
    {
        using var own = control is null ? new RunControl() : null;
        Epoch++;
        var runner = new TorchTrialRunner(new RunnerOptions { RunsDirectory = Runs }, materials ?? new ToyMaterials(), TimeProvider.System);
        return runner.Run(Order(definition ?? Definition, 0, [Worker(0, 1, (definition ?? Definition).Training.Shards)], checkpoints), observer, control ?? own!);
    }

    /// <summary>Runs the trial on a gang, each member on a thread of its own; when the leader has ended, the others are sent home.</summary>
    /// <returns>The outcome of each; null for those who were sent home.</returns>
    public async Task<RunOutcome?[]> RunInGang(
        IReadOnlyList<Recorder> observers, IReadOnlyList<RunControl> controls, ITrialMaterials? materials = null, TrialDefinition? definition = null,
        params CheckpointManifest[] checkpoints)
    {
        Epoch++;
        var listeners = observers.Select(_ => new GangListener(IPAddress.Loopback)).ToList();
        try
        {
            var ranges = GangPlan.Divide((definition ?? Definition).Training.Shards, observers.Count);
            GangMember[] members = [.. listeners.Select((listener, i) => Worker(i, listener.EndPoint.Port, ranges[i].Count))];
            return await Task.WhenAll(observers.Select((observer, i) => ToyTraining.OnOwnThread(() =>
            {
                var options = new RunnerOptions { RunsDirectory = Runs, Listener = listeners[i] };
                var runner = new TorchTrialRunner(options, materials ?? new ToyMaterials(), TimeProvider.System);
                return Run(runner, Order(definition ?? Definition, i, members, checkpoints), observer, controls, i);
            })));
        }
        finally
        {
            listeners.ForEach(listener => listener.Dispose());
        }
    }

    private static RunOutcome? Run(TorchTrialRunner runner, TrialOrder order, Recorder observer, IReadOnlyList<RunControl> controls, int member)
    {
        try
        {
            return runner.Run(order, observer, controls[member]);
        }
        catch (OperationCanceledException) when (member > 0)
        {
            return null;
        }
        finally
        {
            if (member == 0)
            {
                foreach (var other in controls.Skip(1))
                    other.Abort();
            }
        }
    }

    private TrialOrder Order(TrialDefinition definition, int member, GangMember[] members, CheckpointManifest[] checkpoints) =>
        new(new Lease(definition.Trial, Epoch), definition, members, member, new byte[32], checkpoints, Until: Until);

    private static GangMember Worker(int number, int port, int shards) => new(new WorkerId($"w{number}"), "127.0.0.1", port, shards);
}
