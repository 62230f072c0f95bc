using MessagePack;

namespace GenCluster.Core.Sweeps;

/// <summary>When to give up, or to be content. Whatever is reached first ends the sweep; trials at work then are cancelled.</summary>
/// <param name="MaxFailedTrials">The sweep fails when more trials than this have failed.</param>
/// <param name="MaxRestarts">How often a trial that failed through its own doing is begun again from its checkpoint.</param>
/// <param name="WallClockSeconds">Since the sweep was submitted; 0: no limit.</param>
/// <param name="DeviceHours">Hours that workers were at work for its trials, added up; 0: no limit.</param>
/// <param name="PlateauTrials">So many trials in a row that end without a better objective; 0: no limit.</param>
/// <param name="PlateauMinDelta">What counts as better: by more than this.</param>
[MessagePackObject]
public sealed record BudgetSpec(
    [property: Key(0)] int MaxFailedTrials,
    [property: Key(1)] int MaxRestarts = 0,
    [property: Key(2)] long WallClockSeconds = 0,
    [property: Key(3)] double DeviceHours = 0,
    [property: Key(4)] int PlateauTrials = 0,
    [property: Key(5)] double PlateauMinDelta = 0);
