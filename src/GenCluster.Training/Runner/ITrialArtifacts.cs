using GenCluster.Core.Training;
using GenCluster.Core.Trials;

namespace GenCluster.Training.Runner;

/// <summary>
/// What a trial leaves for people: metrics, pictures and weights in its folder. Only the gang's leader writes. Files
/// depend on the training alone, so a run that was cut off and resumed leaves the same ones as an undisturbed run.
/// </summary>
public interface ITrialArtifacts : IDisposable
{
    /// <summary>
    /// Forgets everything written for later steps: training goes on after <paramref name="step"/>, and what follows is
    /// written again. Step -1 forgets all. Called once, before anything is written.
    /// </summary>
    void ResumeAt(int step);

    /// <summary>One row of metrics, at most one for a step, steps rising. Rows differ in the names they have.</summary>
    void AppendMetrics(int step, IReadOnlyList<Metric> metrics);

    /// <summary>A grid of samples.</summary>
    void WriteSamples(int step, SamplePicture grid);

    /// <summary>The final weights as safetensors: <paramref name="write"/> writes the file's bytes. It is visible only when complete.</summary>
    void WriteWeights(Action<Stream> write);
}
