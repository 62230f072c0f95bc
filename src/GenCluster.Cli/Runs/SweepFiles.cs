using System.Text;
using GenCluster.Configuration;
using GenCluster.Configuration.Diagnostics;
using GenCluster.Configuration.Exporters;
using GenCluster.Core.Sweeps;
using GenCluster.Search;

namespace GenCluster.Cli.Runs;

/// <summary>Loads sweep files, ours and those of other tools, and tells what is wrong with them.</summary>
internal static class SweepFiles
{
    /// <summary>The sweep, or null after every mistake was written to <paramref name="error"/>.</summary>
    public static SweepSpec? Load(string path, TextWriter error) => Told(path, SweepFile.Load(path), Advice(path), error).Spec;

    /// <summary>The sweep and its file as a server reads it, which is ours also where the given one is another tool's; null after every mistake was written.</summary>
    public static (SweepSpec Spec, byte[] File)? LoadToSend(string path, TextWriter error)
    {
        var result = Told(path, SweepFile.Load(path), Advice(path), error);
        if (result.Spec is not { } spec)
            return null;
        if (result.ForeignKind is null)
            return (spec, File.ReadAllBytes(path));
        var written = SweepWriter.Write(spec);
        foreach (string fault in written.Faults)
            error.WriteLine($"{path}:1:1: error {DiagnosticCodes.NotImportable}: {fault}");
        return written.Text is { } text ? (spec, Encoding.UTF8.GetBytes(text)) : null;
    }

    /// <summary>Tells all that is said of a file, and what it was recognised as.</summary>
    public static SweepFileResult Told(string path, SweepFileResult result, string advice, TextWriter error)
    {
        if (result.Spec is { } given && Samplers.RefusalOf(given) is { } reason)
            result = result.Refused(path, reason);
        foreach (var diagnostic in result.Diagnostics)
            error.WriteLine(diagnostic);
        if (result is { ForeignKind: { } kind, Spec: not null })
            error.WriteLine($"{path}: read as {kind}{advice}");
        return WithFolder(result, path);
    }

    private static string Advice(string path) => $"; 'gencluster import {path}' writes it as a file of GenCluster";

    /// <summary>
    /// The path of another tool's program is often relative, and it mostly lies beside the file: there it runs, unless its
    /// metrics are in a file of the trial's folder.
    /// </summary>
    private static SweepFileResult WithFolder(SweepFileResult result, string path) =>
        result is { ForeignKind: not null, Spec: { Trainable.Command: { Folder: null, Metrics: not MetricsSource.File } command } spec }
            ? result with { Spec = spec with { Trainable = spec.Trainable with { Command = command with { Folder = Path.GetDirectoryName(Path.GetFullPath(path)) } } } }
            : result;
}
