using System.Collections.Immutable;

namespace GenCluster.Core.Programs;

/// <summary>A command with its macros filled in.</summary>
/// <param name="Arguments">The program first; empty when there is a fault.</param>
/// <param name="UsesJsonFile">Whether it names the file of <c>${args_json_file}</c>, which has to be written then.</param>
/// <param name="Fault">What is wrong, in one sentence; null when nothing is.</param>
public sealed record CommandLine(ImmutableArray<string> Arguments, bool UsesJsonFile, string? Fault)
{
    public static CommandLine Wrong(string fault) => new([], false, fault);
}

/// <summary>What the macros of a command stand for on one machine.</summary>
/// <param name="Interpreter">What <c>${interpreter}</c> is: <c>python</c>, where there is one.</param>
/// <param name="JsonFile">Where the values are written for <c>${args_json_file}</c>.</param>
/// <param name="Variable">The value of a variable for <c>${envvar:NAME}</c>; null when there is none that programs may see.</param>
public sealed record MacroSources(string Interpreter, string JsonFile, Func<string, string?> Variable);
