using GenCluster.Actors.Serialization;
using GenCluster.Core.Sweeps;
using GenCluster.Server.Journals;
using GenCluster.Server.ReadModel;
using MessagePack;

namespace GenCluster.Server.Tests.ReadModel;

/// <summary>What those who follow a sweep are told of an event.</summary>
public sealed class TellingTests
{
    [Theory]
    [InlineData(SweepPhase.Paused, "Paused")]
    [InlineData(SweepPhase.Stopping, "Stopping")]
    [InlineData(SweepPhase.Running, "Running")]
    [InlineData(null, "Running")] // a release that did not say
    public void A_sweep_that_is_halted_no_more_is_what_it_was(SweepPhase? before, string told) =>
        Telling.Of(Entry(new SweepResumed("", before)), "fashion")!.State.ShouldBe(told);

    private static JournalEntry Entry(ISweepEvent @event) => new(
        7, "sweep-fashion", 3, DateTime.UnixEpoch.Ticks, Manifests.Find(@event.GetType())!, MessagePackWireSerializer.Id,
        MessagePackSerializer.Serialize(@event.GetType(), @event, MessagePackWireSerializer.Options));
}
