using GenCluster.Core.Identity;
using MessagePack;

namespace GenCluster.Core.Coordination;

/// <summary>An event of the coordinator's own journal. Closed set; every case has a golden file.</summary>
public interface ICoordinatorEvent;

/// <summary>
/// A coordinator took office. Its epoch is in every order it gives, so that one that was frozen and thawed, and no
/// longer rules, is refused.
/// </summary>
/// <param name="Holder">Names the process that did, and tells one start of it from the next; null in old journals.</param>
[MessagePackObject]
public sealed record CoordinatorStarted([property: Key(0)] long Epoch, [property: Key(1)] string? Holder = null) : ICoordinatorEvent;

/// <summary>A sweep exists from here on, with a journal of its own.</summary>
[MessagePackObject]
public sealed record SweepRegistered([property: Key(0)] SweepId Sweep) : ICoordinatorEvent;
