using System.CommandLine;
using GenCluster.Cli.CommandLine;
using GenCluster.Cli.Submission;
using GenCluster.Core.Sweeps;

namespace GenCluster.Cli.Control;

/// <summary><c>gencluster pause</c>, <c>resume</c>, <c>stop</c> and <c>cancel</c>, of a sweep or of one of its trials.</summary>
internal sealed class ControlCommand : Command, ITaught
{
    private readonly Argument<string> sweep = new("SWEEP") { Description = "The name of a sweep." };
    private readonly Option<int?> trial = SharedOptions.Count("--trial", "One trial alone; default: the sweep.", int.MaxValue);
    private readonly Option<string?> reason = ReasonOption.New();
    private readonly ServerOptions server = new();
    private readonly Option<OutputFormat> output = SharedOptions.Output();
    private readonly Option<bool> ifRunning = new("--if-running") { Description = "It is no failure if there is nothing of that name, or it has ended." };

    private ControlCommand(Verb verb, string description, Example ofSweep, Example ofTrial, CliPorts ports)
        : base(verb.ToString().ToLowerInvariant(), description)
    {
        Examples = [ofSweep, ofTrial];
        Add(sweep);
        Add(trial);
        Add(reason);
        server.AddTo(this);
        Add(output);
        if (verb is Verb.Cancel)
            Add(ifRunning);
        SetAction((parsed, cancellation) => Order.GiveAsync(
            new(parsed.GetRequiredValue(sweep), parsed.GetValue(trial), verb, ReasonOption.Of(parsed, reason)) { IfRunning = verb is Verb.Cancel && parsed.GetValue(ifRunning) },
            server.Of(parsed, ports), parsed.GetValue(output), ports, cancellation));
    }

    public IReadOnlyList<Example> Examples { get; }

    public string ExitCodes => ServerOption.ExitCodes;

    public static IEnumerable<ControlCommand> All(CliPorts ports) =>
    [
        new(
            Verb.Pause,
            "Lets a sweep begin no new trials, while those at work go on; or stops one trial after a checkpoint, to wait.",
            new("gencluster pause quickstart", "No new trials; 'resume' takes it back."),
            new("gencluster pause quickstart --trial 3", "Trial 3 gives its workers to others after its next checkpoint."),
            ports),
        new(
            Verb.Resume,
            "Takes a pause of a sweep, or of one trial, back.",
            new("gencluster resume quickstart", "New trials begin again."),
            new("gencluster resume quickstart --trial 3", "Trial 3 waits for workers and goes on from its checkpoint."),
            ports),
        new(
            Verb.Stop,
            "Ends a sweep when the trials at work have finished; or ends one trial after a checkpoint, and what it reached counts.",
            new("gencluster stop quickstart", "No new trials; those at work finish, and the sweep ends with its leaderboard."),
            new("gencluster stop quickstart --trial 3", "Trial 3 ends early, and takes part in the leaderboard."),
            ports),
        new(
            Verb.Cancel,
            "Ends all work on a sweep, or on one trial, now. What is not yet written does not count.",
            new("gencluster cancel quickstart", "All its trials end, and the sweep with them."),
            new("gencluster cancel quickstart --trial 3", "Trial 3 ends; the search goes on without it."),
            ports),
    ];
}
