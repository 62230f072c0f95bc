using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace GenCluster.Training.Optimizers;

/// <summary>Looks for NaN and infinity.</summary>
public static class Finite
{
    /// <summary>Whether every number is finite. One pass: zero times a number is zero for finite ones and NaN for others.</summary>
    public static bool All(ReadOnlySpan<float> values)
    {
        var vectors = MemoryMarshal.Cast<float, Vector512<float>>(values);
        var zeros = Vector512<float>.Zero;
        foreach (var vector in vectors)
            zeros += vector * Vector512<float>.Zero;
        bool finite = Vector512.EqualsAll(zeros, Vector512<float>.Zero);
        foreach (float value in values[(vectors.Length * Vector512<float>.Count)..])
            finite &= float.IsFinite(value);
        return finite;
    }
}
