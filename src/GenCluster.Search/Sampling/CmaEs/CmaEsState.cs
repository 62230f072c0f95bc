namespace GenCluster.Search.Sampling.CmaEs;

/// <summary>The distribution after some generations: a mean, a step size and a covariance, in the unit cube.</summary>
internal sealed class CmaEsState
{
    private readonly CmaEsConstants constants;
    private readonly double[,] covariance;
    private readonly double[,] vectors;
    private readonly double[] deviations;
    private readonly double[] pathSigma, pathC;

    public CmaEsState(CmaEsConstants constants, double[] mean, double sigma)
        : this(constants, mean, sigma, Identity(mean.Length), new double[mean.Length], new double[mean.Length], 0)
    {
    }

    private CmaEsState(CmaEsConstants constants, double[] mean, double sigma, double[,] covariance, double[] pathSigma, double[] pathC, int generation)
    {
        this.constants = constants;
        (Mean, Sigma, Generation) = (mean, sigma, generation);
        (this.covariance, this.pathSigma, this.pathC) = (covariance, pathSigma, pathC);
        var (values, eigenvectors) = SymmetricEigen.Of(covariance);
        vectors = eigenvectors;
        deviations = [.. values.Select(v => Math.Sqrt(Math.Max(v, 1e-300)))];
    }

    public double[] Mean { get; }

    public double Sigma { get; }

    public int Generation { get; }

    /// <summary>How many times longer the longest axis is than the shortest, squared.</summary>
    public double Condition => Math.Pow(deviations.Max() / deviations.Min(), 2);

    /// <summary>The largest of the coordinates' standard deviations.</summary>
    public double Extent => Enumerable.Range(0, Mean.Length).Max(Deviation);

    public double Deviation(int coordinate) => Sigma * Math.Sqrt(covariance[coordinate, coordinate]);

    /// <summary>σ B D z: the step from the mean that a standard normal vector stands for.</summary>
    public double[] Step(double[] z)
    {
        double[] scaled = [.. z.Select((value, i) => Sigma * deviations[i] * value)];
        return Rotated(scaled);
    }

    /// <summary>The distribution after one more generation (tutorial, section B.2, equations 39 to 47).</summary>
    /// <param name="best">The μ best points of the generation, best first.</param>
    public CmaEsState After(IReadOnlyList<double[]> best)
    {
        int n = Mean.Length;
        double[][] y = [.. best.Select(x => Shortened([.. x.Select((value, i) => (value - Mean[i]) / Sigma)]))];
        double[] step = [.. Enumerable.Range(0, n).Select(i => y.Select((yk, k) => constants.Weights[k] * yk[i]).Sum())];

        double[] sigmaPath = Path(pathSigma, constants.CSigma, Whitened(step));
        double length = Norm(sigmaPath);
        double unbiased = length / Math.Sqrt(1 - Math.Pow(1 - constants.CSigma, 2 * (Generation + 1)));
        bool isCalm = unbiased < (1.4 + 2.0 / (n + 1)) * constants.Chi; // h_σ
        double[] cPath = Path(pathC, constants.CC, isCalm ? step : new double[n]);
        double sigma = Sigma * Math.Exp(Math.Min(1, constants.CSigma / constants.DSigma * (length / constants.Chi - 1)));

        return new CmaEsState(constants, [.. Mean.Select((m, i) => m + Sigma * step[i])], sigma, Covariance(y, cPath, isCalm), sigmaPath, cPath, Generation + 1);
    }

    private double[] Path(double[] old, double rate, double[] step) =>
        [.. old.Select((p, i) => (1 - rate) * p + Math.Sqrt(rate * (2 - rate) * constants.MuEff) * step[i])];

    private double[,] Covariance(double[][] y, double[] path, bool isCalm)
    {
        int n = Mean.Length;
        double[,] next = new double[n, n];
        double lost = isCalm ? 0 : constants.C1 * constants.CC * (2 - constants.CC); // c_1 δ(h_σ)
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double rankMu = y.Select((yk, k) => constants.Weights[k] * yk[i] * yk[j]).Sum();
                next[i, j] = next[j, i] = (1 + lost - constants.C1 - constants.CMu) * covariance[i, j]
                    + constants.C1 * path[i] * path[j] + constants.CMu * rankMu;
            }
        }

        return next;
    }

    /// <summary>
    /// A step that is longer than this distribution would make, as it was drawn from an earlier one or is a user's seed, counts
    /// only as far as a long step of it (Hansen: Injecting External Solutions Into CMA-ES, 2011, equation 4).
    /// </summary>
    private double[] Shortened(double[] y)
    {
        double n = y.Length, length = Norm(Whitened(y)), most = Math.Sqrt(n) + 2 * n / (n + 2);
        return length <= most ? y : [.. y.Select(v => v * most / length)];
    }

    /// <summary>C^(-1/2) y.</summary>
    private double[] Whitened(double[] y)
    {
        double[] inner = [.. Enumerable.Range(0, y.Length).Select(j => y.Select((value, i) => vectors[i, j] * value).Sum() / deviations[j])];
        return Rotated(inner);
    }

    private double[] Rotated(double[] z) => [.. Enumerable.Range(0, z.Length).Select(i => z.Select((value, j) => vectors[i, j] * value).Sum())];

    private static double Norm(double[] v) => Math.Sqrt(v.Sum(x => x * x));

    private static double[,] Identity(int n)
    {
        double[,] identity = new double[n, n];
        for (int i = 0; i < n; i++)
            identity[i, i] = 1;
        return identity;
    }
}
