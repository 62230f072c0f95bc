using GenCluster.Core.Sweeps;
using GenCluster.Core.Trials;

namespace GenCluster.Training.Loop;

/// <summary>Writes the watched values of sums into the state: losses by name, votes, and the end of a step.</summary>
internal sealed class LossBook(TrainingState state, TrainingSpec training)
{
    /// <summary>Writes a shard's votes into its watched values.</summary>
    public static void Vote(Votes votes, Span<float> watched)
    {
        watched[^1] = votes.HasFlag(Votes.Drain) ? 1 : 0;
        watched[^2] = votes.HasFlag(Votes.Change) ? 1 : 0;
    }

    /// <summary>Hears what any member has asked for.</summary>
    public void Hear(ReadOnlySpan<float> watched) =>
        state.Votes |= (watched[^1] > 0 ? Votes.Drain : Votes.None) | (watched[^2] > 0 ? Votes.Change : Votes.None);

    /// <summary>Writes down the losses of a phase.</summary>
    /// <param name="phase">Its place in the model.</param>
    /// <param name="watched">The sums of its loss and the parts of it.</param>
    /// <param name="scale">One over the number of losses that were summed.</param>
    public void Write(int phase, ReadOnlySpan<float> watched, float scale)
    {
        string name = state.Model.Phases[phase].Name;
        state.OpenLosses[$"{name}.loss"] = watched[0] * scale;
        foreach (var (i, part) in state.PartNames[phase].Index())
            state.OpenLosses[$"{name}.{part}"] = watched[i + 1] * scale;
    }

    /// <summary>Ends the step: <paramref name="step"/> are finished now.</summary>
    public StepResult EndStep(int step)
    {
        var result = new StepResult(step, [.. state.OpenLosses.Select(loss => new Metric(loss.Key, loss.Value))], state.Votes);
        state.Losses = result.Losses;
        state.OpenLosses.Clear();
        state.Position = new Position(step, training.IsEvaluatedAt(step) ? 0 : 1);
        return result;
    }

    /// <exception cref="TrainingFailedException">The loss is not finite.</exception>
    public void CheckLoss(int phase, float loss)
    {
        if (!float.IsFinite(loss))
            throw NotFinite(phase, $"loss became {loss}");
    }

    public TrainingFailedException NotFinite(int phase, string what) => new(
        FailureClass.NonFinite,
        $"the {what} in phase '{state.Model.Phases[phase].Name}' of step {state.Step + 1}; try a lower learning rate");
}
