namespace GenCluster.Training.Models.Diffusion;

/// <summary>
/// How noise grows along a chain of T steps. All in double precision: 1 - alpha-bar of the first step is 1e-4, too
/// little to be found again in single precision. Index t here is t + 1 in the papers.
/// </summary>
public static class NoiseSchedule
{
    private const double MaxBeta = 0.999;

    public static double[] Betas(string schedule, int timesteps) => schedule switch
    {
        "linear" => Linear(timesteps),
        "cosine" => Cosine(timesteps),
        _ => throw new ArgumentException($"there is no noise schedule '{schedule}'; there are linear, cosine", nameof(schedule)),
    };

    /// <summary>
    /// Ho et al. 2020, section 4: from 1e-4 to 0.02 in 1000 steps. A chain of another length takes larger or smaller
    /// steps, so that its end is the same noise.
    /// </summary>
    public static double[] Linear(int timesteps)
    {
        double scale = 1000.0 / timesteps, first = 1e-4 * scale, last = 0.02 * scale;
        return [.. Enumerable.Range(0, timesteps).Select(t => Math.Min(MaxBeta, first + (last - first) * t / (timesteps - 1)))];
    }

    /// <summary>Nichol and Dhariwal 2021, eq. 17: alpha-bar falls as a squared cosine.</summary>
    public static double[] Cosine(int timesteps)
    {
        const double Offset = 0.008; // keeps the first steps from being too small
        double AlphaBar(int t) => Math.Pow(Math.Cos(((double)t / timesteps + Offset) / (1 + Offset) * Math.PI / 2), 2);
        return [.. Enumerable.Range(0, timesteps).Select(t => Math.Min(MaxBeta, 1 - AlphaBar(t + 1) / AlphaBar(t)))];
    }

    /// <summary>alpha-bar: what is left of an image's variance after each step (Ho et al. 2020, eq. 4).</summary>
    public static double[] AlphasCumprod(double[] betas)
    {
        double product = 1;
        return [.. betas.Select(beta => product *= 1 - beta)];
    }

    /// <summary>The steps of the chain that DDIM visits, rising, evenly spaced, the last one always (Song et al. 2021, section 4.2).</summary>
    public static int[] SamplingTimesteps(int timesteps, int count) =>
        [.. Enumerable.Range(1, count).Select(i => (int)((long)i * timesteps / count) - 1)];
}
