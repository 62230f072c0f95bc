using System.Globalization;
using System.Security.Cryptography;

namespace GenCluster.EndToEnd.Tests.Support;

/// <summary>A copy of a sweep file and a runs folder of its own; the commands that were started in it end with it.</summary>
internal sealed class Sandbox : IAsyncDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("gencluster-e2e-").FullName;
    private readonly List<Gencluster> commands = [];

    /// <param name="sweep">A file of these tests.</param>
    /// <param name="edit">Changes its text.</param>
    /// <param name="runs">Where run folders go, when not in the sandbox.</param>
    public Sandbox(string sweep, Func<string, string>? edit = null, string? runs = null)
    {
        Sweep = sweep;
        File = Path.Combine(root, sweep + ".yaml");
        Runs = runs ?? Path.Combine(root, "runs");
        System.IO.File.WriteAllText(File, (edit ?? (text => text))(System.IO.File.ReadAllText(Programs.Sweep(sweep))));
    }

    public string Sweep { get; }

    /// <summary>The sweep file.</summary>
    public string File { get; }

    public string Runs { get; }

    /// <summary>The run folder.</summary>
    public string Folder => Path.Combine(Runs, Sweep);

    public string Leaderboard => ReadAll("leaderboard.csv");

    public string[] Run(params string[] options) => ["run", File, "--runs", Runs, .. options];

    public Gencluster Start(params string[] options) => StartWith(Run(options));

    /// <summary>With a command line of its own.</summary>
    public Gencluster StartWith(IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string>? environment = null) =>
        StartProgramWith(Programs.Command, arguments, environment);

    /// <summary>Another of our programs.</summary>
    public Gencluster StartProgramWith(string program, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var command = Gencluster.StartProgram(program, arguments, environment);
        commands.Add(command);
        return command;
    }

    public Task<Ending> RunAsync(params string[] options) => Start(options).EndAsync();

    /// <summary>A run that must succeed.</summary>
    public async Task<Ending> SucceedAsync(params string[] options)
    {
        var ending = await RunAsync(options);
        ending.Code.ShouldBe(0, ending.ToString());
        return ending;
    }

    public string TrialFolder(int trial) => Path.Combine(Folder, "trials", trial.ToString("0000", CultureInfo.InvariantCulture));

    /// <summary>The last step that the trial's metrics tell of; -1 before the first.</summary>
    public int StepOf(int trial)
    {
        string path = Path.Combine(TrialFolder(trial), "metrics.csv");
        string text = System.IO.File.Exists(path) ? ReadShared(path) : "";
        string last = text[..(text.LastIndexOf('\n') + 1)].TrimEnd('\n').Split('\n')[^1];
        return int.TryParse(last.Split(',')[0], CultureInfo.InvariantCulture, out int step) ? step : -1;
    }

    /// <summary>Waits until a trial has made that many steps.</summary>
    public Task ReachesAsync(Gencluster command, int trial, int step) =>
        command.Holds(() => StepOf(trial) >= step, $"trial {trial} is at step {step}");

    /// <summary>
    /// What a run leaves for people, by path: text of tables, hashes of pictures and weights. It is the same for every
    /// run of the same sweep, whatever happened on the way.
    /// </summary>
    public SortedDictionary<string, string> Results()
    {
        string[] kept = [".csv", ".png", ".safetensors", ".json"];
        var files = Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories).Where(f => kept.Contains(Path.GetExtension(f)));
        return new SortedDictionary<string, string>(files.ToDictionary(f => Path.GetRelativePath(Folder, f), Content), StringComparer.Ordinal);
    }

    public string ReadAll(string file) => System.IO.File.ReadAllText(Path.Combine(Folder, file));

    public async ValueTask DisposeAsync()
    {
        foreach (var command in commands)
            await command.DisposeAsync();
        Directory.Delete(root, recursive: true);
    }

    public static string Sha256(string file) => Convert.ToHexStringLower(SHA256.HashData(System.IO.File.ReadAllBytes(file)));

    private static string Content(string file) => Path.GetExtension(file) is ".csv" or ".json" ? System.IO.File.ReadAllText(file) : Sha256(file);

    // Its writer has it open.
    private static string ReadShared(string path)
    {
        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        return reader.ReadToEnd();
    }
}
