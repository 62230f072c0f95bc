namespace GenCluster.Training.Models;

/// <summary>The hyperparameters that choose an optimizer, the same for all models.</summary>
internal static class OptimizerSettings
{
    /// <param name="learningRate">The path of the learning rate; a model may have several.</param>
    public static OptimizerOptions Read(ModelSettings settings, string learningRate)
    {
        var (rate, momentum, decay) = (settings.Number(learningRate), settings.Number("optimizer.momentum"), settings.Number("optimizer.weightDecay"));
        var (beta1, beta2) = (settings.Number("optimizer.beta1"), settings.Number("optimizer.beta2"));
        return settings.Text("optimizer.type") switch
        {
            "adam" => new AdamOptions(rate, beta1, beta2) { WeightDecay = decay },
            "adamw" => new AdamWOptions(rate, beta1, beta2) { WeightDecay = decay },
            "sgd" => new SgdOptions(rate, momentum) { WeightDecay = decay },
            "rmsprop" => new RMSpropOptions(rate, Alpha: beta2, Momentum: momentum) { WeightDecay = decay },
            var other => throw new ArgumentException($"there is no optimizer '{other}'; there are adam, adamw, sgd, rmsprop", nameof(settings)),
        };
    }
}
