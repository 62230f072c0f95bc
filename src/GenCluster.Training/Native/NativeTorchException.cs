namespace GenCluster.Training.Native;

/// <summary>libtorch cannot be loaded. The message is one sentence: what is wrong, where, and the remedy.</summary>
public sealed class NativeTorchException(string message, Exception? inner = null) : Exception(message, inner);
