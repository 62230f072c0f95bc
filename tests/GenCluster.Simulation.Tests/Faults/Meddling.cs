using GenCluster.Core.Sweeps;
using GenCluster.Simulation.Tests.Engine;

namespace GenCluster.Simulation.Tests.Faults;

/// <summary>
/// No fault: a person pauses the sweep and its trials, at any moment and again and again, and resumes them later. What comes of the
/// sweep is the same. Some seeds have such a person.
/// </summary>
internal sealed class Meddling
{
    private static readonly TimeSpan Insistence = TimeSpan.FromSeconds(3);

    private readonly Simulation simulation;
    private readonly Dice dice;
    private readonly bool isThere;
    private bool isLeaving;

    public Meddling(Simulation simulation)
    {
        this.simulation = simulation;
        dice = new Dice(simulation.Seed, "meddling");
        isThere = dice.Chance(0.3);
    }

    private int Trials => simulation.Scenario.Spec.Search.MaxTrials;

    public void Begin()
    {
        if (isThere)
            Later(Meddle);
    }

    /// <summary>Resumes whatever is paused, until that is heard: from here on the sweep has to come to its end.</summary>
    public void Leave()
    {
        isLeaving = true;
        if (!isThere || simulation.Audit.End is not null)
            return;
        simulation.Cluster.Ask(Verb.Resume, trial: null);
        for (int number = 1; number <= Trials; number++)
            simulation.Cluster.Ask(Verb.Resume, number);
        simulation.World.Timeline.In(Insistence, Leave);
    }

    private void Meddle()
    {
        if (isLeaving)
            return;
        int? trial = dice.Chance(0.3) ? null : dice.Between(1, Trials);
        simulation.Cluster.Ask(Verb.Pause, trial);
        Later(() => simulation.Cluster.Ask(Verb.Resume, trial));
        Later(Meddle);
    }

    private void Later(Action what) => simulation.World.Timeline.In(dice.Milliseconds(50, 8_000), what);
}
