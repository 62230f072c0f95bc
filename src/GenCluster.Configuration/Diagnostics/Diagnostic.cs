namespace GenCluster.Configuration.Diagnostics;

/// <summary>Whether a sweep can run in spite of it.</summary>
public enum Severity
{
    Error,
    Warning,

    /// <summary>Something that was left out on purpose, and why.</summary>
    Note,
}

/// <summary>A mistake in a file, and where it is. Lines and columns count from 1.</summary>
/// <param name="File">The file as the user named it.</param>
/// <param name="Code">One of <see cref="DiagnosticCodes"/>, for programs and for looking it up.</param>
/// <param name="Message">What is wrong, the value got, what is allowed and what to do.</param>
public sealed record Diagnostic(string File, int Line, int Column, string Code, Severity Severity, string Message)
{
    /// <summary>As compilers print it, so that editors can jump to it.</summary>
    public override string ToString() => $"{File}:{Line}:{Column}: {Word} {Code}: {Message}";

    /// <summary>The severity in a word.</summary>
    public string Word => Severity switch
    {
        Severity.Error => "error",
        Severity.Warning => "warning",
        _ => "note",
    };
}
