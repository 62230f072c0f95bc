namespace GenCluster.Core.Parameters;

/// <summary>The unit interval, without its upper end.</summary>
internal static class Unit
{
    private static readonly double Last = Math.BitDecrement(1.0);

    /// <summary>The nearest number in [0, 1); 0 for what is no number.</summary>
    public static double Inside(double u) => u > 0 ? Math.Min(u, Last) : 0;
}
