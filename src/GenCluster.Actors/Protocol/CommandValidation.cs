using GenCluster.Core.Sweeps;
using static GenCluster.Actors.Protocol.SpaceValidation;

namespace GenCluster.Actors.Protocol;

/// <summary>What a program that is a trial must hold so that a worker can start it, or say why not.</summary>
internal static class CommandValidation
{
    private const int MaxArguments = 1_024;
    private const int MaxVariables = 256;
    private const int MaxGraceSeconds = 3_600;

    public static string? FaultOf(TrainableSpec trainable) => trainable.Command switch
    {
        null => trainable.Model is CommandSpec.Model ? "no command" : null,
        _ when trainable.Model is not CommandSpec.Model => $"a command beside the model {trainable.Model}",
        var command => FaultOf(command),
    };

    private static string? FaultOf(CommandSpec command) => command switch
    {
        { Arguments: not { Length: > 0 and <= MaxArguments } } => "a command without arguments, or with too many",
        { Environment.Length: > MaxVariables } => $"{command.Environment.Length} variables; allowed are {MaxVariables}",
        { GraceSeconds: < 0 or > MaxGraceSeconds } => $"a grace of {command.GraceSeconds} s",
        _ when !Enum.IsDefined(command.Metrics) => $"metrics of kind {(int)command.Metrics}",
        _ => command.Arguments.Concat([command.Program ?? "", command.Folder ?? "", command.MetricsPath ?? "", command.Resource ?? ""])
            .Select(Text).Concat((command.Environment ?? []).Select(FaultOf)).FirstOrDefault(f => f is not null),
    };

    private static string? FaultOf(EnvironmentVariable? variable) => variable is { Name: { Length: > 0 } name } && !name.Contains('=')
        ? Text(name) ?? Text(variable.Value)
        : "no name of a variable, or an unfit one";

    // What the operating system takes: a zero would end it.
    private static string? Text(string? text) => text is { Length: <= MaxText } && !text.Contains('\0') ? null : "no text of a command, or an unfit one";
}
