namespace GenCluster.Dashboards.Tests.Dashboards;

/// <summary>One picture.</summary>
/// <param name="About">What it shows, what is normal, and what it means when it is not. Shown when the reader points at the corner.</param>
/// <param name="Unit">As Grafana calls it: <c>s</c>, <c>percentunit</c>, <c>bytes</c>, <c>Bps</c>, <c>short</c>.</param>
internal sealed record Panel(Look Look, string Title, string About, string Unit, params IReadOnlyList<Query> Queries)
{
    /// <summary>Of 24 columns.</summary>
    public int Width { get; init; } = 8;

    public int Height { get; init; } = 8;

    /// <summary>Series are areas on top of each other.</summary>
    public bool Stacked { get; init; }

    /// <summary>Each power of two as high as the next.</summary>
    public bool Logarithmic { get; init; }

    public double? Min { get; init; }

    public double? Max { get; init; }

    /// <summary>From this value on it is yellow; null: never.</summary>
    public double? Warn { get; init; }

    /// <summary>From this value on it is red; null: never.</summary>
    public double? Bad { get; init; }

    /// <summary>Low values are the bad ones: below <see cref="Bad"/> is red, below <see cref="Warn"/> yellow.</summary>
    public bool LowIsBad { get; init; }

    /// <summary>The alerts that watch the same thing: links to their runbooks.</summary>
    public IReadOnlyList<string> Alerts { get; init; } = [];

    /// <summary>The panel with these settings in place of what it had.</summary>
    public Panel Set(
        int? width = null, int? height = null, double? min = null, double? max = null, double? warn = null, double? bad = null,
        bool? lowIsBad = null, bool? stacked = null, bool? logarithmic = null, IReadOnlyList<string>? alerts = null) => this with
        {
            Width = width ?? Width,
            Height = height ?? Height,
            Min = min ?? Min,
            Max = max ?? Max,
            Warn = warn ?? Warn,
            Bad = bad ?? Bad,
            LowIsBad = lowIsBad ?? LowIsBad,
            Stacked = stacked ?? Stacked,
            Logarithmic = logarithmic ?? Logarithmic,
            Alerts = alerts ?? Alerts,
        };
}

/// <summary>Kinds of picture.</summary>
internal enum Look
{
    /// <summary>Lines over time.</summary>
    Lines,

    /// <summary>The newest value, large.</summary>
    Number,

    /// <summary>A bar for each series, by its newest value.</summary>
    Bars,

    /// <summary>A row for each series, coloured by its value over time.</summary>
    HeatMap,

    /// <summary>How a histogram's observations are spread, over time.</summary>
    Spread,

    /// <summary>Newest values as text, a line for each series.</summary>
    Table,
}

/// <param name="Expression">PromQL.</param>
/// <param name="Legend">The name of a series, with labels as <c>{{label}}</c>.</param>
internal sealed record Query(string Expression, string Legend);
