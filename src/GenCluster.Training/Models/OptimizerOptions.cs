namespace GenCluster.Training.Models;

/// <summary>
/// Which optimizer, and its settings: one of the records of this file. What it remembers between updates are at most
/// two numbers for a parameter, its moments, and the count of updates.
/// </summary>
public abstract record OptimizerOptions
{
    private protected OptimizerOptions(double learningRate) => LearningRate = learningRate;

    public double LearningRate { get; init; }

    /// <summary>How strongly parameters are drawn to zero: as a part of the gradient (L2), or apart from it in <see cref="AdamWOptions"/>.</summary>
    public double WeightDecay { get; init; }
}

/// <summary>Stochastic gradient descent; with momentum it is Polyak's or Nesterov's as Sutskever et al. 2013 write them.</summary>
/// <param name="LearningRate">The step size.</param>
/// <param name="Momentum">What is kept of the last step's direction; 0 for none.</param>
/// <param name="Dampening">What is left out of a new gradient, from the second update on.</param>
/// <param name="Nesterov">Looks ahead along the momentum; wants momentum and no dampening.</param>
public sealed record SgdOptions(double LearningRate, double Momentum = 0, double Dampening = 0, bool Nesterov = false) : OptimizerOptions(LearningRate);

/// <summary>Adam (Kingma and Ba 2015, algorithm 1).</summary>
public sealed record AdamOptions(double LearningRate, double Beta1 = 0.9, double Beta2 = 0.999, double Epsilon = 1e-8) : OptimizerOptions(LearningRate);

/// <summary>Adam with weight decay apart from the gradient (Loshchilov and Hutter 2019, algorithm 2).</summary>
public sealed record AdamWOptions(double LearningRate, double Beta1 = 0.9, double Beta2 = 0.999, double Epsilon = 1e-8) : OptimizerOptions(LearningRate);

/// <summary>RMSprop (Tieleman and Hinton 2012); <c>Centered</c> is the version of Graves 2013, eq. 38 to 41.</summary>
/// <param name="LearningRate">The step size.</param>
/// <param name="Alpha">The decay of the mean squared gradient.</param>
/// <param name="Epsilon">Added to the root.</param>
/// <param name="Momentum">What is kept of the last step's direction; 0 for none. Not together with <paramref name="Centered"/>.</param>
/// <param name="Centered">Divides by the deviation of the gradient in place of its root mean square.</param>
public sealed record RMSpropOptions(double LearningRate, double Alpha = 0.99, double Epsilon = 1e-8, double Momentum = 0, bool Centered = false)
    : OptimizerOptions(LearningRate);
