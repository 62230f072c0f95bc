using GenCluster.Core.Sweeps;
using GenCluster.Core.Trials;

namespace GenCluster.Cli.Watching;

/// <summary>States and protocols in the words that people read.</summary>
internal static class Words
{
    public static string Of(TrialPhase phase) => phase.ToString().ToLowerInvariant();

    public static string Of(SweepPhase phase) => phase.ToString().ToLowerInvariant();

    public static string Protocol(EvaluationSpec evaluation) =>
        $"{evaluation.Samples} samples, {evaluation.PatchesPerImage} patches per image and level, {evaluation.Projections} projections";

    /// <summary>How far a trial is: of how many steps, when that is known.</summary>
    public static string StepOf(int step, int steps) => steps >= CommandSpec.NoEnd ? $"{step}" : $"{step}/{steps}";

    public static string Count(int count, string noun) => count == 1 ? $"1 {noun}" : $"{count} {noun}s";
}
