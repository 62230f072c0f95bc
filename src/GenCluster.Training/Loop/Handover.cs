using GenCluster.Collectives.Codecs;
using GenCluster.Core.Sweeps;

namespace GenCluster.Training.Loop;

/// <summary>
/// Where a training can change hands. Without a code that is anywhere. With one, <see cref="Residuals"/> are part of the state,
/// and each lies with the member that computed it; they are neither stored nor sent. So all members forget theirs at the steps of
/// the checkpoints, disturbed or not, and only there may a member enter or leave: whoever goes on has all that the others had.
/// </summary>
internal static class Handover
{
    /// <summary>Whether a checkpoint belongs after this step: the beginning, which needs none, every so many steps, and the end.</summary>
    public static bool IsCheckpointedAt(this TrainingSpec training, int step) =>
        step == 0 || step == training.Steps || (training.CheckpointEvery > 0 && step % training.CheckpointEvery == 0);

    /// <summary>Whether another gang, or another process, can go on from this position to the same end.</summary>
    public static bool CanBeHandedOn(this TrainingSpec training, Position position) =>
        training.Compression is null || (position.Operation <= 1 && training.IsCheckpointedAt(position.Step));

    /// <summary>The last step up to <paramref name="step"/> that training can go on from when it stops there.</summary>
    public static int LastHandover(this TrainingSpec training, int step)
    {
        while (!training.CanBeHandedOn(new Position(step, 1)))
            step--;
        return step;
    }

    /// <summary>The code of gradients; null: they are summed exactly.</summary>
    public static ICodec? CodecOf(TrainingSpec training) => training.Compression switch
    {
        null => null,
        { Code: Compression.Bf16 } => Codec.Bf16,
        { Code: Compression.Int8 } => Codec.Int8,
        { Code: Compression.TopK, Ratio: var ratio } => Codec.TopK(ratio),
        { Code: var unknown } => throw new NotSupportedException($"compression {unknown} is not known here; use bf16, int8 or top-k"),
    };
}
