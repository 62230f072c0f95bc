namespace GenCluster.Core.Metrics;

/// <summary>Bounds of histograms, each set for times of one order.</summary>
internal static class Buckets
{
    /// <summary>Within a process, and of one decision: 50 microseconds to 2.5 s.</summary>
    public static readonly double[] Decision = [0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 2.5];

    /// <summary>Of a step and of what it is made of: 100 microseconds on a small CPU model to a minute on a large one.</summary>
    public static readonly double[] Step = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

    /// <summary>Of an answer, or a write to a database: a millisecond to 10 s.</summary>
    public static readonly double[] Request = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    /// <summary>Of a delay that should not be: the lease ends after 6 s.</summary>
    public static readonly double[] Delay = [0.001, 0.005, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 10, 30];

    /// <summary>Of storing and reading: 10 ms to 10 minutes.</summary>
    public static readonly double[] Storage = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600];

    /// <summary>Of waiting for machines: a second to a day.</summary>
    public static readonly double[] Queue = [0.1, 0.5, 1, 5, 15, 30, 60, 300, 900, 1_800, 3_600, 14_400, 43_200, 86_400];

    /// <summary>Of files: 64 KiB to 16 GiB.</summary>
    public static readonly double[] Bytes = [65_536, 1_048_576, 4_194_304, 16_777_216, 67_108_864, 268_435_456, 1_073_741_824, 4_294_967_296, 17_179_869_184];
}
