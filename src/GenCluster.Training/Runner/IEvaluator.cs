using GenCluster.Core.Trials;
using GenCluster.Training.Models;

namespace GenCluster.Training.Runner;

/// <summary>Measures how good a model's samples are. It draws on streams of its own and leaves the training's alone.</summary>
public interface IEvaluator : IDisposable
{
    /// <summary>
    /// The metrics after <paramref name="step"/> steps. The same weights and step give the same values. The caller has
    /// set evaluation mode, inference mode and averaged weights.
    /// </summary>
    IReadOnlyList<Metric> Evaluate(GenerativeModel model, int step);
}
