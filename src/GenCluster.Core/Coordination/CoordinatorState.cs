using System.Collections.Immutable;
using GenCluster.Core.Identity;

namespace GenCluster.Core.Coordination;

/// <summary>The coordinator: the fold of its events.</summary>
/// <param name="Holder">The process that took office last.</param>
public sealed record CoordinatorState(long Epoch, string Holder, ImmutableSortedSet<string> Sweeps)
{
    public static readonly CoordinatorState New = new(0, "", ImmutableSortedSet.Create<string>(StringComparer.Ordinal));

    public bool Knows(SweepId sweep) => Sweeps.Contains(sweep.Value);

    public CoordinatorState Apply(ICoordinatorEvent @event) => @event switch
    {
        CoordinatorStarted e => this with { Epoch = e.Epoch, Holder = e.Holder ?? "" },
        SweepRegistered e => this with { Sweeps = Sweeps.Add(e.Sweep.Value) },
        _ => throw new ArgumentOutOfRangeException(nameof(@event), @event, "an event without a rule"),
    };
}
