namespace GenCluster.Benchmarks;

/// <summary>A benchmark could not be taken. The message says what to do.</summary>
internal sealed class BenchmarkException(string message, Exception? inner = null) : Exception(message, inner);
