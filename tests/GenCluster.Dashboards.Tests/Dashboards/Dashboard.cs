namespace GenCluster.Dashboards.Tests.Dashboards;

/// <summary>A page of Grafana.</summary>
/// <param name="Name">Its file in <c>deploy/grafana/dashboards</c> and, after <c>gencluster-</c>, its address.</param>
/// <param name="About">What it answers, in a sentence.</param>
internal sealed record Dashboard(string Name, string Title, string About, IReadOnlyList<Variable> Variables, IReadOnlyList<Row> Rows)
{
    public IEnumerable<Panel> Panels => Rows.SelectMany(row => row.Panels);
}

/// <summary>Panels under a heading.</summary>
internal sealed record Row(string Title, params IReadOnlyList<Panel> Panels);

/// <summary>What the reader picks at the top of the page: a value of a label, several of them, or all.</summary>
/// <param name="Series">Where the values are looked up: a metric, with matchers if need be.</param>
internal sealed record Variable(string Name, string Label, string Series)
{
    /// <summary>The label of <see cref="Series"/> whose values are offered.</summary>
    public string Values { get; init; } = Name;
}
