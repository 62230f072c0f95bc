using GenCluster.Core.Identity;
using GenCluster.Core.Parameters;
using GenCluster.Core.Sweeps;
using GenCluster.Simulation.Tests.Engine;

namespace GenCluster.Simulation.Tests;

/// <summary>What is simulated: a small sweep, the workers that are there for it, and the times that things take.</summary>
internal sealed class Scenario
{
    public Scenario(ulong seed)
    {
        var dice = new Dice(seed, "scenario");
        Workers = dice.Between(2, 5);
        int shards = dice.Chance(0.15) ? 1 : 1 << dice.Between(1, 3);
        int min = dice.Between(1, Math.Min(2, Workers));
        int max = dice.Between(min, Workers + 1);
        int trials = dice.Between(2, 4);
        int steps = dice.Between(4, 20);
        StepTime = dice.Milliseconds(30, 600);
        StartTime = dice.Chance(0.5) ? TimeSpan.FromSeconds(5) : TimeSpan.Zero;
        LeaseTime = TimeSpan.FromSeconds(dice.Between(4, 10));
        ExpectedWorkers = dice.Chance(0.5) ? Workers : 0;
        IsWatched = dice.Chance(0.25);
        Spec = new SweepSpec(
            Sweep.Value,
            new TrainableSpec("dcgan", Assignment.Empty),
            new DataSpec("none", null, 32, 0),
            new TrainingSpec(steps, 64, shards, dice.Between(1, 5), dice.Between(1, 5), (long)(seed % 1000), 1),
            new EvaluationSpec(1, 1, 1),
            new ObjectiveSpec("loss", Goal.Minimize),
            new SearchSpec("random", trials, dice.Between(1, 3)),
            new ParameterSpace([new("rate", new Uniform(0, 1))]),
            new ResourceSpec(min, max, "auto", dice.Chance(0.3) ? Rebalance.Auto : Rebalance.None),
            new BudgetSpec(trials));
    }

    public SweepId Sweep { get; } = new("sim");

    public SweepSpec Spec { get; }

    public int Workers { get; }

    public int ExpectedWorkers { get; }

    /// <summary>Within which workers start.</summary>
    public TimeSpan StartTime { get; }

    public TimeSpan StepTime { get; }

    public TimeSpan LeaseTime { get; }

    /// <summary>Whether a face looks on all the time.</summary>
    public bool IsWatched { get; }
}
