using GenCluster.Configuration.Yaml;

namespace GenCluster.Configuration.Diagnostics;

/// <summary>Where all checks of one file write what they find; none of them stops another.</summary>
internal sealed class DiagnosticList(string file)
{
    /// <summary>Nobody mends more than this at once, and a hostile file must not cost more either.</summary>
    public const int Limit = 100;

    private readonly List<Diagnostic> found = [];
    private bool cut;

    public bool HasErrors { get; private set; }

    public void Error(string code, Place place, string message) => Add(code, place, Severity.Error, message);

    public void Warning(string code, Place place, string message) => Add(code, place, Severity.Warning, message);

    public void Note(string code, Place place, string message) => Add(code, place, Severity.Note, message);

    /// <summary>All of them, by position.</summary>
    public IReadOnlyList<Diagnostic> Sorted()
    {
        var sorted = found.OrderBy(d => d.Line).ThenBy(d => d.Column).ThenBy(d => d.Code, StringComparer.Ordinal).ToList();
        if (cut)
            sorted.Add(Cut(sorted[^1]));
        return sorted;
    }

    private Diagnostic Cut(Diagnostic last) => last with
    {
        Code = DiagnosticCodes.TooManyMistakes,
        Severity = HasErrors ? Severity.Error : Severity.Warning,
        Message = $"the file has more mistakes; only {Limit} are shown, mend these first",
    };

    private void Add(string code, Place place, Severity severity, string message)
    {
        HasErrors |= severity is Severity.Error;
        if (found.Count < Limit)
            found.Add(new Diagnostic(file, place.Line, place.Column, code, severity, message));
        else
            cut = true;
    }
}
