namespace GenCluster.EndToEnd.Tests.Support;

/// <summary>The lines that a process has written so far.</summary>
internal sealed class Transcript
{
    private readonly Lock gate = new();
    private readonly List<string> lines = [];

    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (gate)
                return [.. lines];
        }
    }

    public void Add(string? line)
    {
        if (line is null)
            return;
        lock (gate)
            lines.Add(line);
    }

    public override string ToString() => string.Join('\n', Lines);
}
