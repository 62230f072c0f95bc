namespace GenCluster.Dashboards.Tests.Rules;

/// <summary>A rule of a group.</summary>
internal abstract record Rule(string Expression);

/// <summary>A series that is computed once, for all who ask for it.</summary>
/// <param name="Series"><c>labels:metric:operation</c>, as Prometheus recommends.</param>
internal sealed record Recording(string Series, string Expression) : Rule(Expression);

/// <summary>What somebody is told.</summary>
/// <param name="Name">Also that of its page in <c>docs/runbooks</c>.</param>
/// <param name="For">How long it must hold, as Prometheus writes spans: <c>5m</c>. <c>0m</c>: at once.</param>
/// <param name="Summary">One line: what, and where.</param>
/// <param name="Description">The value, what it means, and the first thing to do.</param>
internal sealed record Alert(string Name, Severity Severity, string For, string Expression, string Summary, string Description) : Rule(Expression)
{
    public string Runbook => $"docs/runbooks/{Name}.md";
}

internal enum Severity
{
    /// <summary>Work or data are being lost, or will be: wake somebody.</summary>
    Critical,

    /// <summary>Something is slower or less safe than it should be: look on the next working day.</summary>
    Warning,

    /// <summary>Good to know when asking why; nobody needs to act.</summary>
    Info,
}

/// <summary>Rules that are evaluated one after another; one file each.</summary>
/// <param name="About">What its alerts watch over, in a sentence.</param>
internal sealed record RuleGroup(string Name, string About, params IReadOnlyList<Rule> Rules);
