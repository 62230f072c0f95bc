using System.Collections;
using GenCluster.Core.Parameters;

namespace GenCluster.Configuration.Exporters;

/// <summary>A map to be written. What is null is left out; values are texts, <see cref="ParameterValue"/>s, maps and lists of these.</summary>
internal sealed class YamlMap : IEnumerable<KeyValuePair<string, object>>
{
    private readonly List<KeyValuePair<string, object>> entries = [];

    public int Count => entries.Count;

    public void Add(string key, object? value)
    {
        if (value is not null)
            entries.Add(new(key, value));
    }

    public void Add(string key, long? value) => Add(key, value is { } known ? ParameterValue.Of(known) : null as object);

    public void Add(string key, double? value) => Add(key, value is { } known ? ParameterValue.Of(known) : null as object);

    public void Add(string key, bool? value) => Add(key, value is { } known ? ParameterValue.Of(known) : null as object);

    public IEnumerator<KeyValuePair<string, object>> GetEnumerator() => entries.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
