namespace GenCluster.Benchmarks.Training;

/// <summary>One way to train the same DCGAN.</summary>
internal interface ITraining : IDisposable
{
    /// <summary>One step: the discriminator's update and the generator's.</summary>
    void Step();

    /// <summary>The optimizers alone, over both networks, with the gradients that the last step has left.</summary>
    void Optimize();
}
