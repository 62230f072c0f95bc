using GenCluster.Core.Trials;

namespace GenCluster.Training.Loop;

/// <summary>What a step leaves behind besides the state.</summary>
/// <param name="Step">Steps finished, this one included.</param>
/// <param name="Losses">Each phase's loss and its parts, of the phase's last update: <c>generator.loss</c>.</param>
/// <param name="Votes">What any member of the gang has asked for.</param>
public sealed record StepResult(int Step, IReadOnlyList<Metric> Losses, Votes Votes);
