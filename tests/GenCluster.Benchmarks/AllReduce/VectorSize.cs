namespace GenCluster.Benchmarks.AllReduce;

/// <summary>A length of vector to sum.</summary>
/// <param name="Kilobytes">Of float32.</param>
/// <param name="Most">How often in a round, at most; the larger, the fewer.</param>
internal sealed record VectorSize(int Kilobytes, int Most)
{
    private const int Least = 4;

    /// <summary>A slow contender sums less often, so that a round stays short: so many microseconds of summing in a turn.</summary>
    private const double Turn = 200_000;

    public static IReadOnlyList<VectorSize> All { get; } = [new(64, 300), new(1024, 200), new(4096, 80), new(16384, 24), new(65536, 8)];

    public int Count => Kilobytes * 1024 / sizeof(float);

    /// <summary>How often in a round, when one takes so many microseconds.</summary>
    public int Iterations(double microseconds) => Math.Clamp((int)(Turn / microseconds), Least, Most);

    /// <summary>Goals are for vectors from 1 MB on: below, the exchange is nothing beside a step.</summary>
    public bool HasGoal => Kilobytes >= 1024;

    public string Name => Kilobytes < 1024 ? $"{Kilobytes} KB" : $"{Kilobytes / 1024} MB";

    /// <summary>GB/s of a vector that takes so long; with two members also what goes over the wire in each direction.</summary>
    public double Speed(double microseconds) => Kilobytes * 1024 / microseconds / 1e3;
}
