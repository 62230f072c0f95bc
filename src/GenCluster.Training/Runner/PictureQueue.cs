using GenCluster.Core.Training;

namespace GenCluster.Training.Runner;

/// <summary>
/// Pictures that wait for a lease that is sure: there is no place where nobody would look at those of a leader whose lease
/// is over. It lives as long as the run: what was drawn under one order may be written under the next.
/// </summary>
internal sealed class PictureQueue(RunControl control)
{
    /// <summary>The oldest go when there are more: a long time without a coordinator must not cost memory without end.</summary>
    public const int Capacity = 16;

    private readonly Queue<(int Step, SamplePicture Picture)> waiting = [];

    public void Add(int step, SamplePicture picture)
    {
        if (waiting.Count == Capacity)
            waiting.Dequeue();
        waiting.Enqueue((step, picture));
    }

    /// <summary>Forgets the pictures of later steps: they are drawn again.</summary>
    public void ResumeAt(int step)
    {
        for (int left = waiting.Count; left > 0; left--)
        {
            var next = waiting.Dequeue();
            if (next.Step <= step)
                waiting.Enqueue(next);
        }
    }

    /// <summary>Writes what waits, as long as the lease is sure.</summary>
    public void WriteTo(ITrialArtifacts artifacts)
    {
        while (waiting.Count > 0 && control.IsConfirmed)
        {
            var (step, picture) = waiting.Dequeue();
            artifacts.WriteSamples(step, picture);
        }
    }
}
