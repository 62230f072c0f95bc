using System.Collections.Immutable;
using GenCluster.Core.Identity;

namespace GenCluster.Core.Coordination;

/// <summary>The coordinator: the fold of its events.</summary>
public sealed record CoordinatorState(long Epoch, ImmutableSortedSet<string> Sweeps)
{
    public static readonly CoordinatorState New = new(0, ImmutableSortedSet.Create<string>(StringComparer.Ordinal));

    public bool Knows(SweepId sweep) => Sweeps.Contains(sweep.Value);

    public CoordinatorState Apply(ICoordinatorEvent @event) => @event switch
    {
        CoordinatorStarted e => this with { Epoch = e.Epoch },
        SweepRegistered e => this with { Sweeps = Sweeps.Add(e.Sweep.Value) },
        _ => throw new ArgumentOutOfRangeException(nameof(@event), @event, "an event without a rule"),
    };
}
