using System.Text.RegularExpressions;
using GenCluster.Configuration.Diagnostics;
using GenCluster.Configuration.Importers;
using GenCluster.Configuration.Yaml;
using GenCluster.Core.Sweeps;

namespace GenCluster.Configuration;

/// <summary>What came of reading a sweep file.</summary>
/// <param name="Spec">The sweep with all defaults filled in; null when there is an error.</param>
/// <param name="Diagnostics">All mistakes and warnings, by position.</param>
public sealed record SweepFileResult(SweepSpec? Spec, IReadOnlyList<Diagnostic> Diagnostics)
{
    /// <summary>What the file is when it is another tool's, e.g. <c>a W&amp;B sweep</c>; null for a file of ours.</summary>
    public string? ForeignKind { get; init; }
}

/// <summary>
/// Reads sweep files, ours and those of other tools, which are recognised by their shape. Every mistake of a file is reported at once, with its position, and no content makes it throw:
/// a file may come from anyone.
/// </summary>
public static partial class SweepFile
{
    /// <summary>Reads a file from disk. That there is none is a diagnostic too.</summary>
    public static SweepFileResult Load(string path)
    {
        var diagnostics = new DiagnosticList(path);
        return ReadBytes(path, diagnostics) is { } bytes ? Parse(path, bytes) : new SweepFileResult(null, diagnostics.Sorted());
    }

    /// <summary>Reads the bytes of a file.</summary>
    /// <param name="fileName">The name that diagnostics carry; nothing is opened.</param>
    public static SweepFileResult Parse(string fileName, ReadOnlySpan<byte> utf8) => Parse(fileName, utf8, toRun: true);

    /// <summary>Reads the bytes of a file to rewrite the sweep, so that another tool's file need not say which program a trial is.</summary>
    /// <param name="fileName">The name that diagnostics carry; nothing is opened.</param>
    public static SweepFileResult Import(string fileName, ReadOnlySpan<byte> utf8) => Parse(fileName, utf8, toRun: false);

    /// <summary>Reads the bytes of a file of ours.</summary>
    internal static SweepFileResult ParseOwn(string fileName, ReadOnlySpan<byte> utf8)
    {
        var diagnostics = new DiagnosticList(fileName);
        return SourceText.Decode(utf8, diagnostics) is { } text ? ReadOwn(text, diagnostics) : new SweepFileResult(null, diagnostics.Sorted());
    }

    private static SweepFileResult Parse(string fileName, ReadOnlySpan<byte> utf8, bool toRun)
    {
        var diagnostics = new DiagnosticList(fileName);
        if (SourceText.Decode(utf8, diagnostics) is not { } text)
            return new SweepFileResult(null, diagnostics.Sorted());
        return (OwnMark().IsMatch(text) ? null : ForeignFile.Read(fileName, text, toRun)) ?? ReadOwn(text, diagnostics);
    }

    private static SweepFileResult ReadOwn(string text, DiagnosticList diagnostics)
    {
        var root = NodeReader.Read(text, diagnostics);
        var spec = root is null ? null : SweepReader.Read(root, diagnostics);
        return new SweepFileResult(diagnostics.HasErrors ? null : spec, diagnostics.Sorted());
    }

    /// <summary>A file that says it is ours is read as ours, however broken.</summary>
    [GeneratedRegex(@"^\s*[""']?apiVersion[""']?\s*:\s*[""']?gencluster/", RegexOptions.Multiline | RegexOptions.NonBacktracking)]
    private static partial Regex OwnMark();

    /// <summary>The bytes of a file from disk; null, and said, when it cannot be read.</summary>
    internal static byte[]? ReadBytes(string path, DiagnosticList diagnostics)
    {
        try
        {
            return ReadCapped(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            diagnostics.Error(DiagnosticCodes.Unreadable, Place.Start, Explain(path, e));
            return null;
        }
    }

    /// <summary>At most one byte more than is allowed, so that an endless file ends.</summary>
    private static byte[] ReadCapped(string path)
    {
        using var file = File.OpenRead(path);
        byte[] buffer = new byte[SourceText.MaxBytes + 1];
        return buffer[..file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false)];
    }

    private static string Explain(string path, Exception e) => e switch
    {
        FileNotFoundException or DirectoryNotFoundException => "there is no such file; check the path",
        _ when Directory.Exists(path) => "this is a folder; give the path of a file in it",
        UnauthorizedAccessException => "the file may not be read; check its permissions",
        _ => $"the file cannot be read: {e.Message}",
    };
}
