namespace GenCluster.Cli.Validation;

/// <summary>What <c>gencluster validate</c> was asked.</summary>
public sealed record ValidateSettings(IReadOnlyList<string> Files);
