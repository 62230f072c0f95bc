using GenCluster.Core.Parameters;

namespace GenCluster.Training.Models;

/// <summary>The values of a model's hyperparameters, and a record of which of them the model has read.</summary>
public sealed class ModelSettings(Assignment values)
{
    private readonly SortedSet<string> read = new(StringComparer.Ordinal);

    /// <summary>The paths read so far; a test holds them against the catalogue.</summary>
    public IReadOnlySet<string> Read => read;

    public int Integer(string path) => checked((int)this[path].AsInteger());

    public double Number(string path) => this[path].AsNumber();

    public string Text(string path) => this[path].AsText();

    private ParameterValue this[string path]
    {
        get
        {
            read.Add(path);
            return values[path];
        }
    }
}
