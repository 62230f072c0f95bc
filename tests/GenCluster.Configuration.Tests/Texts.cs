using System.Text;

namespace GenCluster.Configuration.Tests;

/// <summary>Sweep files for tests, from their text.</summary>
internal static class Texts
{
    public const string Smallest = """
        apiVersion: gencluster/v1
        kind: Sweep
        name: smallest
        trainable: {model: vae}
        training: {steps: 100}
        """;

    public static SweepFileResult Read(string text) => SweepFile.Parse("sweep.yaml", Encoding.UTF8.GetBytes(text));

    /// <summary>Reads a file that must be sound.</summary>
    public static Core.Sweeps.SweepSpec Spec(string text)
    {
        var result = Read(text);
        result.Diagnostics.ShouldBeEmpty();
        return result.Spec.ShouldNotBeNull();
    }

    /// <summary>Diagnostics as they are printed.</summary>
    public static IReadOnlyList<string> Said(string text) => [.. Read(text).Diagnostics.Select(d => d.ToString())];
}
