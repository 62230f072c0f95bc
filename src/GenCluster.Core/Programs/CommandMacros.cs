using System.Collections.Immutable;
using System.Text;
using GenCluster.Core.Parameters;
using GenCluster.Core.Sweeps;

namespace GenCluster.Core.Programs;

/// <summary>
/// Fills in the macros of a command: those of W&amp;B's agent, Katib's <c>${trialParameters.NAME}</c>, and <c>${NAME}</c> of a
/// parameter. The result is a list of arguments; no shell ever reads it. <c>$${</c> stands for <c>${</c> itself.
/// </summary>
public static class CommandMacros
{
    /// <summary>What W&amp;B runs when a sweep names a program and no command.</summary>
    public static readonly ImmutableArray<string> WandbCommand = ["${env}", "${interpreter}", "${program}", "${args}"];

    private const string Katib = "trialParameters.", Variable = "envvar:";

    /// <summary>Macros that stand for several arguments, and so for one argument each.</summary>
    private static readonly ImmutableArray<string> Lists =
        ["args", "args_no_boolean_flags", "args_no_hyphens", "args_append_hydra", "args_override_hydra"];

    private static readonly ImmutableArray<string> Texts = ["env", "interpreter", "program", "args_json", "args_json_file"];

    /// <summary>The arguments of one trial, the program first.</summary>
    /// <param name="values">Of this trial; a parameter whose condition does not hold has none.</param>
    public static CommandLine Expand(CommandSpec command, Assignment values, MacroSources sources)
    {
        var arguments = ImmutableArray.CreateBuilder<string>();
        bool usesFile = false;
        foreach (var (i, argument) in ArgumentsOf(command).Index())
        {
            if (ListOf(argument, values) is { } several)
            {
                arguments.AddRange(several);
                continue;
            }

            var text = new StringBuilder();
            foreach (var part in Parts(argument))
            {
                string? filled = part.IsMacro ? ValueOf(part.Text, command, values, sources) : part.Text;
                if (filled is null)
                    return CommandLine.Wrong($"argument {i + 1} of the command, '{argument}': {Reason(part.Text, command, values.Settings.Select(s => s.Path))}");
                usesFile |= part is { IsMacro: true, Text: "args_json_file" };
                text.Append(filled);
            }

            arguments.Add(text.ToString());
        }

        return arguments.Count == 0 || arguments[0].Length == 0
            ? CommandLine.Wrong("the command has no program to run; name one as its first argument")
            : new CommandLine(arguments.ToImmutable(), usesFile, null);
    }

    /// <summary>What is wrong with the macros of a command, whatever the trial.</summary>
    /// <param name="parameters">Names of all parameters, searched or fixed.</param>
    /// <returns>One sentence; null when each macro is known.</returns>
    public static string? FaultOf(CommandSpec command, IReadOnlyCollection<string> parameters)
    {
        if (ArgumentsOf(command).Count == 0)
            return "the command has no program to run; name one as its first argument";
        foreach (var (i, argument) in ArgumentsOf(command).Index())
        {
            if (Parts(argument).ToArray() is [{ IsMacro: true } alone] && Lists.Contains(alone.Text))
                continue;
            foreach (var part in Parts(argument))
            {
                if (part.IsMacro && !IsKnown(part.Text, command, parameters))
                    return $"argument {i + 1} of the command, '{argument}': {Reason(part.Text, command, parameters)}";
            }
        }

        return null;
    }

    private static IReadOnlyList<string> ArgumentsOf(CommandSpec command) =>
        command.Arguments.Length == 0 && command.Program is not null ? WandbCommand : command.Arguments;

    private static bool IsKnown(string macro, CommandSpec command, IReadOnlyCollection<string> parameters) => macro switch
    {
        "program" => command.Program is not null,
        _ when Texts.Contains(macro) => true,
        _ when macro.StartsWith(Variable, StringComparison.Ordinal) => macro.Length > Variable.Length,
        _ => parameters.Contains(NameOf(macro)),
    };

    private static string? ValueOf(string macro, CommandSpec command, Assignment values, MacroSources sources) => macro switch
    {
        "env" => "/usr/bin/env",
        "interpreter" => sources.Interpreter,
        "program" => command.Program,
        "args_json" => PythonText.Json(values),
        "args_json_file" => sources.JsonFile,
        _ when macro.StartsWith(Variable, StringComparison.Ordinal) => sources.Variable(macro[Variable.Length..]),
        _ => values.Find(NameOf(macro)) is { } value ? PythonText.Of(value) : null,
    };

    /// <summary>Null when the argument is not one macro that stands for several arguments.</summary>
    private static IEnumerable<string>? ListOf(string argument, Assignment values)
    {
        if (Parts(argument).ToArray() is not [{ IsMacro: true } macro])
            return null;
        return macro.Text switch
        {
            "args" => values.Settings.Select(s => "--" + Pair(s)),
            "args_no_hyphens" => values.Settings.Select(Pair),
            "args_append_hydra" => values.Settings.Select(s => "+" + Pair(s)),
            "args_override_hydra" => values.Settings.Select(s => "++" + Pair(s)),
            "args_no_boolean_flags" => values.Settings.Where(s => s.Value.Kind is not ParameterKind.Flag || s.Value.AsFlag())
                .Select(s => s.Value.Kind is ParameterKind.Flag ? "--" + s.Path : "--" + Pair(s)),
            _ => null,
        };
    }

    private static string Pair(Setting setting) => $"{setting.Path}={PythonText.Of(setting.Value)}";

    private static string NameOf(string macro) => macro.StartsWith(Katib, StringComparison.Ordinal) ? macro[Katib.Length..] : macro;

    private static string Reason(string macro, CommandSpec command, IEnumerable<string> parameters)
    {
        if (Lists.Contains(macro))
            return $"${{{macro}}} stands for several arguments and has to be an argument of its own";
        if (macro == "program" && command.Program is null)
            return "${program} stands for the sweep's program, and none is named";
        if (macro.StartsWith(Variable, StringComparison.Ordinal))
            return $"the worker has no variable '{macro[Variable.Length..]}' that programs may see; set it in the command's environment";
        string[] known = [.. Texts.Concat(Lists).Append("envvar:NAME").Concat(parameters).Select(name => $"${{{name}}}")];
        return $"'${{{macro}}}' is no macro, and no parameter with a value in this trial; known are {string.Join(", ", known)}; write $${{ for ${{ itself";
    }

    /// <summary>An argument cut into macros and the text between them.</summary>
    private static IEnumerable<(string Text, bool IsMacro)> Parts(string argument)
    {
        int from = 0;
        while (from < argument.Length)
        {
            int at = argument.IndexOf("${", from, StringComparison.Ordinal);
            int end = at < 0 ? -1 : argument.IndexOf('}', at);
            if (end < 0)
                break;
            bool isEscaped = at > from && argument[at - 1] == '$';
            if (at > from)
                yield return (argument[from..(isEscaped ? at - 1 : at)], false);
            yield return isEscaped ? (argument[at..(end + 1)], false) : (argument[(at + 2)..end], true);
            from = end + 1;
        }

        if (from < argument.Length)
            yield return (argument[from..], false);
    }
}
