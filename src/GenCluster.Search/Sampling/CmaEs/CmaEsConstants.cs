namespace GenCluster.Search.Sampling.CmaEs;

/// <summary>
/// What follows from the number of dimensions and the size of a generation (Hansen: The CMA Evolution Strategy, a Tutorial,
/// arXiv 1604.00772v2, table 1; names as there). Negative weights are not used.
/// </summary>
internal sealed class CmaEsConstants
{
    public CmaEsConstants(int dimensions, int lambda)
    {
        double n = dimensions;
        Lambda = lambda;
        Mu = Math.Max(1, lambda / 2);
        double[] raw = [.. Enumerable.Range(1, Mu).Select(i => Math.Log((lambda + 1) / 2.0) - Math.Log(i))];
        Weights = [.. raw.Select(w => w / raw.Sum())];
        MuEff = 1 / Weights.Sum(w => w * w);
        CSigma = (MuEff + 2) / (n + MuEff + 5);
        DSigma = 1 + 2 * Math.Max(0, Math.Sqrt((MuEff - 1) / (n + 1)) - 1) + CSigma;
        CC = (4 + MuEff / n) / (n + 4 + 2 * MuEff / n);
        C1 = 2 / ((n + 1.3) * (n + 1.3) + MuEff);
        CMu = Math.Min(1 - C1, 2 * (0.25 + MuEff + 1 / MuEff - 2) / ((n + 2) * (n + 2) + MuEff));
        Chi = Math.Sqrt(n) * (1 - 1 / (4 * n) + 1 / (21 * n * n));
    }

    public int Lambda { get; }

    public int Mu { get; }

    public double[] Weights { get; }

    public double MuEff { get; }

    public double CSigma { get; }

    public double DSigma { get; }

    public double CC { get; }

    public double C1 { get; }

    public double CMu { get; }

    /// <summary>The expected length of a standard normal vector.</summary>
    public double Chi { get; }

    /// <summary>λ when nobody says: 4 + ⌊3 ln n⌋.</summary>
    public static int DefaultLambda(int dimensions) => 4 + (int)(3 * Math.Log(Math.Max(1, dimensions)));
}
