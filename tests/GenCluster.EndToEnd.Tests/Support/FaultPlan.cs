using System.Globalization;

namespace GenCluster.EndToEnd.Tests.Support;

/// <summary>What a process said of itself.</summary>
/// <param name="At">Of the machine's monotonic clock.</param>
internal sealed record Told(TimeSpan At, string Process, int Id, string What)
{
    /// <summary>Whether a step was finished.</summary>
    public bool IsStep => What.StartsWith("Step ", StringComparison.Ordinal);

    /// <summary>Whether this worker takes part in a gang from now on.</summary>
    public bool IsGang => What.StartsWith("Gang ", StringComparison.Ordinal);

    /// <summary>A value: <c>12</c> of <c>Step step=12</c>.</summary>
    public string Field(string name) => What.Split(' ').Single(part => part.StartsWith(name + "=", StringComparison.Ordinal))[(name.Length + 1)..];
}

/// <summary>
/// Faults that strike the processes of a command from inside, at a phase of a step or of a write to the journal: the programs load
/// GenCluster.Faults, which reads and writes this folder.
/// </summary>
internal sealed class FaultPlan : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("gencluster-faults-").FullName;
    private readonly Dictionary<string, long> read = []; // bytes, by file
    private readonly List<Told> story = [];
    private int faults;

    public FaultPlan() => Environment = new Dictionary<string, string>
    {
        ["DOTNET_STARTUP_HOOKS"] = Programs.Faults,
        ["GENCLUSTER_FAULTS"] = folder,
        ["GENCLUSTER_FAULTS_OWNER"] = System.Environment.ProcessId.ToString(CultureInfo.InvariantCulture), // nothing outlives this test
    };

    /// <summary>For the command, and inherited by all that it starts.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; }

    /// <summary>Arms a fault in all processes; the one that comes to it first is struck.</summary>
    /// <param name="fault"><c>kill GenCluster-Training/Phase[phase=forward]:3</c>, and perhaps <c>in worker-2</c>.</param>
    /// <returns>Its name.</returns>
    public string Arm(string fault)
    {
        string name = (++faults).ToString(CultureInfo.InvariantCulture);
        File.WriteAllText(PathOf(name, "new"), fault);
        File.Move(PathOf(name, "new"), PathOf(name, "fault"));
        return name;
    }

    public bool HasStruck(string name) => File.Exists(PathOf(name, "struck"));

    /// <summary>Takes a fault back.</summary>
    /// <returns>False when it has struck.</returns>
    public bool Withdraw(string name)
    {
        File.Delete(PathOf(name, "fault"));
        return !HasStruck(name);
    }

    /// <summary>Reads what was told since the last look; all that was told so far, in about the order of time.</summary>
    public IReadOnlyList<Told> Look()
    {
        foreach (string file in Directory.EnumerateFiles(folder, "*.log"))
            story.AddRange(ReadNew(file));
        return story;
    }

    /// <summary>The strike that came last; there was one.</summary>
    public async Task<Told> StrikeAsync()
    {
        Told? strike = null;
        await Eventually.Holds(() => (strike = Look().LastOrDefault(told => told.What.StartsWith("strikes ", StringComparison.Ordinal))) is not null, "a strike");
        return strike!;
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private string PathOf(string name, string kind) => Path.Combine(folder, $"{name}.{kind}");

    // NAME-ID.log, with lines of "NANOSECONDS what". Its writer has it open, and the last line may not be whole.
    private IEnumerable<Told> ReadNew(string file)
    {
        string source = Path.GetFileNameWithoutExtension(file);
        int dash = source.LastIndexOf('-');
        var (process, id) = (source[..dash], int.Parse(source[(dash + 1)..], CultureInfo.InvariantCulture));
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        stream.Position = read.GetValueOrDefault(file);
        using var reader = new StreamReader(stream);
        string text = reader.ReadToEnd();
        text = text[..(text.LastIndexOf('\n') + 1)]; // all of it is ASCII: as many bytes
        read[file] = read.GetValueOrDefault(file) + text.Length;
        foreach (string line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            int space = line.IndexOf(' ', StringComparison.Ordinal);
            yield return new Told(TimeSpan.FromTicks(long.Parse(line[..space], CultureInfo.InvariantCulture) / 100), process, id, line[(space + 1)..]);
        }
    }
}
