using System.CommandLine;
using System.Net;

namespace GenCluster.Cli.CommandLine;

/// <summary>How data is printed to standard output.</summary>
public enum OutputFormat
{
    Text,
    Json,
}

/// <summary>Options that several commands have.</summary>
public static class SharedOptions
{
    /// <summary><c>--output text|json</c></summary>
    public static Option<OutputFormat> Output() => new("--output")
    {
        Description = "How the result is printed; default: text.",
        HelpName = "text|json",
        CustomParser = result => result.Tokens[^1].Value switch
        {
            "text" => OutputFormat.Text,
            "json" => OutputFormat.Json,
            var other => Refuse(result, $"--output is 'text' or 'json', not '{other}'", OutputFormat.Text),
        },
    };

    /// <summary>An option for a whole number within bounds.</summary>
    public static Option<int?> Count(string name, string description, int max) => new(name)
    {
        Description = description,
        HelpName = "N",
        CustomParser = result => int.TryParse(result.Tokens[^1].Value, out int value) && value >= 1 && value <= max
            ? value
            : Refuse<int?>(result, $"{name} is a whole number from 1 to {max}, not '{result.Tokens[^1].Value}'", null),
    };

    /// <summary>An option for an address of this machine.</summary>
    public static Option<IPAddress> Address(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "ADDRESS",
        DefaultValueFactory = _ => IPAddress.Loopback,
        CustomParser = result => IPAddress.TryParse(result.Tokens[^1].Value, out var address)
            ? address
            : Refuse<IPAddress?>(result, $"{name} is an IP address like 10.0.0.1, not '{result.Tokens[^1].Value}'", null),
    };

    private static T Refuse<T>(System.CommandLine.Parsing.ArgumentResult result, string message, T value)
    {
        result.AddError(message);
        return value;
    }
}
