using GenCluster.Configuration.Editors;

namespace GenCluster.Configuration.Tests.Editors;

public sealed class KeyTablesTests
{
    private const string Begin = "<!-- made from the schema: begin -->\n", End = "<!-- made from the schema: end -->";

    [Fact]
    public void The_documentation_has_the_keys_of_the_schema()
    {
        string document = File.ReadAllText(Documents.PathOf("sweep-file.md"));
        int from = document.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length, to = document.IndexOf(End, StringComparison.Ordinal);

        Documents.ShouldHold("sweep-file.md", document[..from] + "\n" + KeyTables.Text() + document[to..]);
    }

    [Fact]
    public void Every_example_in_the_documentation_can_be_read()
    {
        string document = File.ReadAllText(Documents.PathOf("sweep-file.md"));
        string[] examples = [.. document.Split("```yaml\n").Skip(1).Select(part => part[..part.IndexOf("```", StringComparison.Ordinal)])];

        examples.Length.ShouldBeGreaterThanOrEqualTo(3);
        foreach (string example in examples)
            Texts.Said(example.Contains("apiVersion", StringComparison.Ordinal) ? example : $"apiVersion: gencluster/v1\nkind: Sweep\nname: example\n{example}").ShouldBeEmpty(example);
    }
}
