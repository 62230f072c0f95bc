using System.Collections.Concurrent;
using GenCluster.Core.Checkpoints;
using GenCluster.Core.Identity;
using GenCluster.Core.Parameters;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Training;
using GenCluster.Core.Trials;
using GenCluster.Worker.Programs;

namespace GenCluster.Worker.Tests.Support;

/// <summary>Runs of programs as one worker has them: a thread for the run, and what it says.</summary>
internal sealed class ProgramBench : ITrialObserver, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly BlockingCollection<string> news = [];
    private Task<RunOutcome?>? run;

    private readonly bool owns;

    /// <param name="root">Another bench's folder, for a gang or a later attempt.</param>
    public ProgramBench(string? root = null)
    {
        owns = root is null;
        Root = root ?? Directory.CreateTempSubdirectory("gencluster-test-").FullName;
    }

    public string Root { get; }

    public RunControl Control { get; private set; } = new();

    public List<MetricReport> Reports { get; } = [];

    public List<CheckpointManifest> Checkpoints { get; } = [];

    public List<string> Warnings { get; } = [];

    /// <summary>An order for a trial of a program that runs a script of Python.</summary>
    public static TrialOrder Order(
        CommandSpec command, long epoch = 1, int member = 0, int members = 1, int trial = 1, Assignment? settings = null, params CheckpointManifest[] checkpoints) => new(
        new Lease(new TrialId(new SweepId("toy"), trial), epoch),
        new TrialDefinition(
            new TrialId(new SweepId("toy"), trial), CommandSpec.Model, settings ?? Assignment.Empty, new DataSpec("none", null, 1, 0),
            new TrainingSpec(10, 1, members, 1, 1, 7, 1), new EvaluationSpec(1, 1, 1), new ObjectiveSpec("loss", Goal.Minimize),
            new ResourceSpec(members, members, "cpu"), 0, command),
        [.. Enumerable.Range(0, members).Select(i => new GangMember(new WorkerId($"w{i}"), members > 1 && trial == 7 ? $"10.0.0.{i + 1}" : "127.0.0.1", 1))],
        member, new byte[32], checkpoints);

    public static CommandSpec Python(string script, MetricsSource metrics = MetricsSource.Output, int grace = 10, string? resource = null, params string[] arguments) =>
        new(["python3", "-c", script, .. arguments], Metrics: metrics, GraceSeconds: grace, Resource: resource);

    public ProgramBench Start(TrialOrder order)
    {
        Control = new RunControl();
        var ended = new TaskCompletionSource<RunOutcome?>(TaskCreationOptions.RunContinuationsAsynchronously);
        run = ended.Task;
        var environment = Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>().ToDictionary(p => (string)p.Key, p => (string)p.Value!);
        var runner = new ProgramTrialRunner(new ProgramOptions { Runs = Root, Environment = environment, EchoTime = TimeSpan.FromSeconds(1) });
        new Thread(() =>
        {
            try
            {
                ended.SetResult(runner.Run(order, this, Control));
            }
            catch (OperationCanceledException)
            {
                ended.SetResult(null);
            }
            catch (Exception e)
            {
                ended.SetException(e);
            }
        })
        { IsBackground = true }.Start();
        return this;
    }

    /// <summary>The outcome; null for a run that was aborted.</summary>
    public Task<RunOutcome?> EndAsync() => run!.WaitAsync(Patience);

    public Task<RunOutcome?> RunAsync(TrialOrder order) => Start(order).EndAsync();

    /// <summary>Waits until the run says something.</summary>
    public void Hears(string what)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (news.Take(patience.Token) != what)
        {
        }
    }

    public string TrialFolder(int trial = 1) => Path.Combine(Root, "toy", "trials", $"{trial:D4}");

    /// <summary>What the program wrote into a file of its working folder.</summary>
    public string Wrote(string file) => File.ReadAllText(Path.Combine(TrialFolder(), "work", file));

    public void Started(int step) => news.Add($"started {step}");

    public void Progressed(StepProgress progress)
    {
    }

    public void Evaluated(MetricReport report, SamplePicture? picture)
    {
        lock (Reports)
            Reports.Add(report);
        news.Add($"report {report.Step}");
    }

    public void Checkpointed(CheckpointManifest manifest)
    {
        lock (Checkpoints)
            Checkpoints.Add(manifest);
        news.Add($"checkpoint {manifest.Step}");
    }

    public void Warned(string message) => Warnings.Add(message);

    public void GangBroke(int? peer, string message) => news.Add("broke");

    public void Dispose()
    {
        Control.Abort();
        run?.ContinueWith(_ => { }, TaskScheduler.Default).GetAwaiter().GetResult();
        if (owns)
            Directory.Delete(Root, recursive: true);
    }
}
