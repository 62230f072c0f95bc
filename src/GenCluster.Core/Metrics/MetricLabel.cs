namespace GenCluster.Core.Metrics;

/// <summary>A label of metrics.</summary>
/// <param name="Values">All that it may be; null: it names something that comes and goes.</param>
public sealed record MetricLabel(string Name, IReadOnlyList<string>? Values)
{
    /// <summary>A sweep that has not ended. On gauges alone.</summary>
    public static readonly MetricLabel Sweep = new("sweep", null);

    /// <summary>The number of a trial that has not ended, always beside its <see cref="Sweep"/>. On gauges alone.</summary>
    public static readonly MetricLabel Trial = new("trial", null);

    /// <summary>The template of a path of the HTTP API, of which there are a few dozen, or <see cref="MetricCatalogue.OtherRoute"/>.</summary>
    public static readonly MetricLabel Route = new("route", null);

    /// <summary>The release of the program.</summary>
    public static readonly MetricLabel Version = new("version", null);

    /// <summary>The commit it was built from.</summary>
    public static readonly MetricLabel Commit = new("commit", null);

    /// <summary>A label with these values, and no others.</summary>
    public static MetricLabel Closed(string name, params string[] values) => new(name, values);

    /// <summary>A label with a value for each of an enumeration's, in lower case with underscores.</summary>
    public static MetricLabel Closed<T>(string name)
        where T : struct, Enum => new(name, [.. Enum.GetValues<T>().Select(ValueOf)]);

    /// <summary>An enumeration's value as a label has it: <c>OutOfMemory</c> is <c>out_of_memory</c>.</summary>
    public static string ValueOf<T>(T value)
        where T : struct, Enum
    {
        string name = value.ToString();
        return string.Concat(name.Select((c, i) => !char.IsUpper(c) ? $"{c}" : i == 0 ? $"{char.ToLowerInvariant(c)}" : $"_{char.ToLowerInvariant(c)}"));
    }
}

/// <summary>What a series may belong to that comes and goes. Only so many of a kind are served at a time.</summary>
public enum LiveThing
{
    /// <summary>A sweep that has not ended.</summary>
    Sweep,

    /// <summary>A trial that has not ended.</summary>
    Trial,
}
