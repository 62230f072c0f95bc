using System.Reflection;
using System.Text.RegularExpressions;
using GenCluster.Server.Tests.Support;

namespace GenCluster.Server.Tests.Access;

/// <summary><c>docs/security.md</c>: its list of attacks is that of the tests.</summary>
public sealed partial class SecurityDocumentationTests
{
    [Fact]
    public void It_lists_the_attacks_that_are_tested_and_no_others()
    {
        string text = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Docs", "security.md"));
        var tested = typeof(AttackAttribute).Assembly.GetTypes().SelectMany(t => t.GetMethods()).Select(m => m.GetCustomAttribute<AttackAttribute>()).OfType<AttackAttribute>()
            .OrderBy(a => a.Number).ToArray();

        string api = text[text.IndexOf("## API", StringComparison.Ordinal)..];
        var listed = Rows().Matches(api.Contains("## Transport", StringComparison.Ordinal) ? api[..api.IndexOf("## Transport", StringComparison.Ordinal)] : api);

        tested.Select(a => a.Number).ShouldBe(Enumerable.Range(1, tested.Length));
        listed.Select(m => m.Value).ShouldBe(tested.Select(a => $"| {a.Number} | {a.What} | {a.Answer} |"));
    }

    [GeneratedRegex(@"^\| \d+ \| .*$", RegexOptions.Multiline)]
    private static partial Regex Rows();
}
