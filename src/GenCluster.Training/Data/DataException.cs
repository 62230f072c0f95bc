namespace GenCluster.Training.Data;

/// <summary>Training data is missing, damaged or unfit. The message is one sentence with the place, the fault and the remedy.</summary>
public sealed class DataException(string message, Exception? inner = null) : Exception(message, inner);
