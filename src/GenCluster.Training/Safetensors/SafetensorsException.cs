namespace GenCluster.Training.Safetensors;

/// <summary>A file is not safetensors, or not the tensors that were asked for. The message is one sentence.</summary>
public sealed class SafetensorsException(string origin, string reason, Exception? inner = null)
    : IOException($"'{origin}' is not a usable safetensors file: {Printable(reason)}", inner)
{
    // Names come from the file, and a file can hold anything.
    private static string Printable(string text) => string.Concat(text.Select(x => char.IsControl(x) ? '\uFFFD' : x));
}
