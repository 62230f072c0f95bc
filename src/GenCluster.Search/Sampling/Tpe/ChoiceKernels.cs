using GenCluster.Core.Randomness;
using GenCluster.Search.Sampling.Knowledge;

namespace GenCluster.Search.Sampling.Tpe;

/// <summary>
/// Kernels over a choice: each spreads prior weight / kernels over all values by their shares, as if there were as many
/// observations as values, and gives 1 more to the value that was observed.
/// </summary>
internal sealed class ChoiceKernels : IKernels
{
    private readonly double[][] probabilities;
    private readonly double[][] logs;
    private readonly int[] kinds;

    /// <param name="observed">Indices of values.</param>
    public ChoiceKernels(Axis axis, double[] observed, TpeOptions options)
    {
        int values = axis.Choices.Count;
        double spread = options.PriorWeight / (observed.Length + 1) * values;
        kinds = [.. observed.Select(o => (int)o), values]; // kernels of one value are equal
        probabilities = [.. Enumerable.Range(0, values + 1).Select(kind => Row(kind == values ? null : kind))];
        logs = [.. probabilities.Select(row => row.Select(p => Math.Log(p)).ToArray())];

        double[] Row(int? seen) => seen is null && spread == 0
            ? [.. axis.Shares]
            : [.. axis.Shares.Select((share, i) => (spread * share + (i == seen ? 1 : 0)) / (spread + (seen is null ? 0 : 1)))];
    }

    public double Draw(int kernel, RandomStream stream)
    {
        double[] row = probabilities[kinds[kernel]];
        double u = stream.NextDouble();
        int last = 0;
        for (int i = 0; i < row.Length; i++)
        {
            if (row[i] <= 0)
                continue;
            last = i;
            u -= row[i];
            if (u < 0)
                break;
        }

        return last;
    }

    public void AddLogs(double coordinate, Span<double> sums)
    {
        for (int i = 0; i < sums.Length; i++)
            sums[i] += logs[kinds[i]][(int)coordinate];
    }
}
