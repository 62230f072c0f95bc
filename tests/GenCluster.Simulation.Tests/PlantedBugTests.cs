using GenCluster.Actors.Protocol;
using GenCluster.Core.Identity;
using GenCluster.Simulation.Tests.Engine;

namespace GenCluster.Simulation.Tests;

/// <summary>Errors that have been made in systems like this one, put between the actors and the world: each is found.</summary>
public sealed class PlantedBugTests(ITestOutputHelper output)
{
    private const int MostSeeds = 500;

    [Fact]
    public void Finds_an_acknowledgement_before_the_commit() => Finds("is not in the journal", () => new PlantedBug(AcknowledgesEarly: true));

    [Fact]
    public void Finds_a_stale_epoch_that_is_accepted() => Finds("nobody", () => new PlantedBug(Tampering: Renewed));

    [Fact]
    public void Finds_a_checkpoint_that_is_freed_while_the_journal_keeps_it() => Finds("which the journal keeps", () => new PlantedBug(Tampering: Forgetful));

    private void Finds(string violation, Func<PlantedBug> bug)
    {
        var results = Seeds.RunAll(Enumerable.Range(1, MostSeeds).Select(i => (ulong)i), threads: 1, bug: bug);

        var found = results.Single(r => r.Violation is not null);
        output.WriteLine($"seed {found.Seed}: {found.Violation}");
        found.Violation.ShouldNotBeNull().ShouldContain(violation);
        found.Trace.ShouldContain("VIOLATES");
    }

    /// <summary>
    /// Reports and results of a worker count for the lease in force, as if nobody had looked at the epoch. Checkpoints are left as
    /// they are: the fence in their blobs' names refuses them a second time.
    /// </summary>
    private static IWire Renewed(Simulation simulation, Node to, IWire message)
    {
        Lease Now(Lease lease) => lease with { Epoch = simulation.Audit.EpochOf(lease.Trial) };
        return message switch
        {
            FromWorker.EvaluationReported m => m with { Lease = Now(m.Lease) },
            FromWorker.RunEnded m => m with { Lease = Now(m.Lease) },
            _ => message,
        };
    }

    /// <summary>Of the checkpoints that are kept, workers are told of the newest alone, and free the one before.</summary>
    private static IWire Forgetful(Simulation simulation, Node to, IWire message) =>
        message is ToWorker.CheckpointAccepted { Kept.Length: > 1 } m ? m with { Kept = m.Kept[..1] } : message;
}
