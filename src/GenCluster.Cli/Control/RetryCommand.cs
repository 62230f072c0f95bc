using System.CommandLine;
using GenCluster.Cli.CommandLine;
using GenCluster.Cli.Submission;
using GenCluster.Core.Sweeps;

namespace GenCluster.Cli.Control;

/// <summary><c>gencluster retry SWEEP --failed</c></summary>
internal sealed class RetryCommand : Command, ITaught
{
    private readonly Argument<string> sweep = new("SWEEP") { Description = "The name of a sweep." };
    private readonly Option<bool> failed = new("--failed") { Description = "All trials that have failed." };
    private readonly Option<int?> trial = SharedOptions.Count("--trial", "One failed trial alone.", int.MaxValue);
    private readonly Option<string?> reason = ReasonOption.New();
    private readonly ServerOptions server = new();
    private readonly Option<OutputFormat> output = SharedOptions.Output();

    public RetryCommand(CliPorts ports)
        : base("retry", "Begins failed trials again from their checkpoints, with their restarts unspent; also when the sweep has ended.")
    {
        Add(sweep);
        Add(failed);
        Add(trial);
        Add(reason);
        server.AddTo(this);
        Add(output);
        SetAction((parsed, cancellation) =>
        {
            if (parsed.GetValue(failed) == parsed.GetValue(trial) is not null)
                throw new CliException(ExitCode.WrongInput, "say what to retry: --failed for all trials that have failed, or --trial N for one of them");
            return Order.GiveAsync(
                new(parsed.GetRequiredValue(sweep), parsed.GetValue(trial), Verb.Retry, ReasonOption.Of(parsed, reason)), server.Of(parsed, ports), parsed.GetValue(output), ports, cancellation);
        });
    }

    public IReadOnlyList<Example> Examples { get; } =
    [
        new("gencluster retry quickstart --failed", "After a broken machine or a full disk: all that failed is tried again."),
        new("gencluster retry quickstart --trial 3", "Trial 3 alone."),
    ];

    public string ExitCodes => ServerOption.ExitCodes;
}
