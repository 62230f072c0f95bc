using GenCluster.Cli.CommandLine;
using GenCluster.Cli.Submission;
using GenCluster.Core.Sweeps;
using GenCluster.Server.Api;

namespace GenCluster.Cli.Control;

/// <summary>A verb for a sweep, or for one of its trials.</summary>
/// <param name="Reason">Why, for the record; null: not said.</param>
internal sealed record Order(string Sweep, int? Trial, Verb Verb, string? Reason)
{
    /// <summary>Whether it is no failure when there is nothing that it could be given to.</summary>
    public bool IfRunning { get; init; }

    /// <summary>Gives it to a coordinator; when this ends, it is in the journal.</summary>
    public static async Task<int> GiveAsync(Order order, ServerAddress server, OutputFormat output, CliPorts ports, CancellationToken cancellation)
    {
        using var api = new ApiClient(server, ports, order.Reason);
        try
        {
            var answer = await api.ControlAsync(order.Sweep, order.Trial, order.Verb, cancellation);
            ports.Error.WriteLine(order.Done());
            if (output is OutputFormat.Json)
                ApiText.WriteJson(answer, ports.Out);
        }
        catch (CliException refusal) when (order.IfRunning && (refusal.Problem == ProblemKind.NotFound.Code || refusal.Problem == ProblemKind.Conflict.Code))
        {
            ports.Error.WriteLine($"nothing to do: {refusal.Message}");
        }

        return ExitCode.Done;
    }

    private string Done() => (Verb, Trial) switch
    {
        (Verb.Pause, null) => $"sweep {Sweep} pauses: no new trials begin, and those at work go on",
        (Verb.Resume, null) => $"sweep {Sweep} goes on",
        (Verb.Stop, null) => $"sweep {Sweep} stops: trials at work finish, and then it ends",
        (Verb.Cancel, null) => $"sweep {Sweep} is cancelled: all work on it ends now",
        (Verb.Retry, null) => $"sweep {Sweep}: failed trials begin again from their checkpoints",
        (Verb.Pause, _) => $"trial {Trial} of {Sweep} pauses after its next checkpoint",
        (Verb.Resume, _) => $"trial {Trial} of {Sweep} goes on",
        (Verb.Stop, _) => $"trial {Trial} of {Sweep} ends after its next checkpoint, and what it has reached counts",
        (Verb.Cancel, _) => $"trial {Trial} of {Sweep} is cancelled: all work on it ends now",
        (Verb.Retry, _) => $"trial {Trial} of {Sweep} begins again from its checkpoint",
        _ => throw new ArgumentOutOfRangeException(nameof(Verb), Verb, "a verb without a sentence"),
    };
}
