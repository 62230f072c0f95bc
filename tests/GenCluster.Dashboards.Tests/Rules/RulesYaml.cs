using System.Text;

namespace GenCluster.Dashboards.Tests.Rules;

/// <summary>A group of rules as the file that Prometheus reads.</summary>
internal static class RulesYaml
{
    public static string Of(RuleGroup group)
    {
        var text = new StringBuilder("# Made from tests/GenCluster.Dashboards.Tests/Rules; its tests with GENCLUSTER_ACCEPT=1 make it again.\n");
        text.Append("groups:\n").Append($"  - name: gencluster-{group.Name}\n    rules:\n");
        foreach (var rule in group.Rules)
        {
            if (rule is Alert alert)
                Append(alert, text);
            else
                Append((Recording)rule, text);
        }

        return text.ToString();
    }

    private static void Append(Recording rule, StringBuilder text) =>
        text.Append($"      - record: {rule.Series}\n        expr: |-\n{Block(rule.Expression)}");

    private static void Append(Alert rule, StringBuilder text)
    {
        text.Append($"      - alert: {rule.Name}\n        expr: |-\n{Block(rule.Expression)}");
        if (rule.For != "0m")
            text.Append($"        for: {rule.For}\n");
        text.Append($"        labels:\n          severity: {rule.Severity.ToString().ToLowerInvariant()}\n        annotations:\n");
        text.Append($"          summary: {Quoted(rule.Summary)}\n");
        text.Append($"          description: {Quoted(rule.Description)}\n");
        text.Append($"          runbook_url: {rule.Runbook}\n");
    }

    private static string Block(string expression) => string.Concat(expression.Trim().Split('\n').Select(line => $"          {line.TrimEnd()}\n"));

    private static string Quoted(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
