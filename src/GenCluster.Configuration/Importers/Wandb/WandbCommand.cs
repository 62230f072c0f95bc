using System.Text.RegularExpressions;
using GenCluster.Configuration.Diagnostics;
using GenCluster.Configuration.Yaml;
using GenCluster.Core.Sweeps;

namespace GenCluster.Configuration.Importers.Wandb;

/// <summary>
/// The program of a W&amp;B sweep. Our command takes W&amp;B's macros as they are; where the file has no command, W&amp;B's
/// default is written out.
/// </summary>
internal static partial class WandbCommand
{
    /// <summary>What an agent of W&amp;B runs when the file has no command.</summary>
    public static readonly string[] Default = ["${env}", "${interpreter}", "${program}", "${args}"];

    private static readonly string[] Macros = ["env", "interpreter", "program", "args", "args_no_hyphens", "args_no_boolean_flags", "args_json", "args_json_file"];

    public static CommandSpec Read(ForeignMap root, SweepDraft draft)
    {
        string? program = root.Text("program");
        string[] arguments = root.Find("command") switch
        {
            ListNode list => [.. list.Items.Select(i => Argument(i, draft))],
            ScalarNode line => OfLine(line, draft),
            null => Default,
            var other => Wrong(other, root),
        };
        bool asks = Array.Exists(arguments, a => a.Contains("${program}", StringComparison.Ordinal));
        if (asks && program is null)
        {
            draft.NothingToRun(root.Place, root.Has("command")
                ? "command asks for ${program}, and there is no program; write it before you run the sweep"
                : "there is no program and no command, so nothing says what a trial runs; write program before you run the sweep");
        }

        Check(arguments, root, draft);
        return new CommandSpec(arguments, asks ? program : null, Metrics: MetricsSource.Wandb);
    }

    private static string Argument(Node node, SweepDraft draft)
    {
        if (node is ScalarNode scalar)
            return scalar.Text;
        draft.Wrong(node.Place, $"command: got {node.Describe()}; write a word, or a list of words");
        return "";
    }

    /// <summary>A command in one line is no W&amp;B sweep but one of mlflow-sweep, where <c>${name}</c> is a parameter's value.</summary>
    private static string[] OfLine(ScalarNode line, SweepDraft draft)
    {
        draft.Warn(line.Place, "command is a text; W&B takes a list. It is split into words, and ${name} is the value of a parameter");
        var names = draft.Parameters.Select(p => p.Path).ToHashSet(StringComparer.Ordinal);
        return [.. ShellWords.Split(line.Text).Select(w => Macro().Replace(w, m => names.Contains(m.Groups[1].Value) ? $"${{trialParameters.{m.Groups[1].Value}}}" : m.Value))];
    }

    private static string[] Wrong(Node node, ForeignMap root)
    {
        root.Wrong("command", node, "a list of words");
        return Default;
    }

    private static void Check(string[] arguments, ForeignMap root, SweepDraft draft)
    {
        foreach (string name in arguments.SelectMany(a => Macro().Matches(a)).Select(m => m.Groups[1].Value).Distinct())
        {
            if (!Macros.Contains(name) && !name.StartsWith("envvar:", StringComparison.Ordinal) && !name.StartsWith("trialParameters.", StringComparison.Ordinal))
                draft.Warn(root.PlaceOf("command"), $"command: ${{{name}}} is no macro of W&B; the program gets it as it stands");
        }

        if (!arguments.Any(a => a.Contains("${args", StringComparison.Ordinal) || a.Contains("${trialParameters.", StringComparison.Ordinal)))
        {
            draft.Warn(root.PlaceOf("command"), "command has no ${args}, so no parameter is on its line; W&B hands them to wandb.init(), "
                + "here they are in the environment: add ${args}, or read them there");
        }
        else if (draft.Parameters.Any(p => p.Path.Contains('.', StringComparison.Ordinal)) && HasGroups(root) && arguments.Contains("${args}"))
        {
            draft.Warn(root.PlaceOf("parameters"), "parameters in groups are given as --group.name=value; W&B gives one --group={'name': value} for all of a group");
        }
    }

    private static bool HasGroups(ForeignMap root) =>
        root.Find("parameters") is MapNode parameters && parameters.Entries.Any(e => e.Value is MapNode map && map.Find("parameters") is MapNode);

    [GeneratedRegex(@"\$\{([^}]*)\}")]
    private static partial Regex Macro();
}
