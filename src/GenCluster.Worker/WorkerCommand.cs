using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net;
using Akka.Actor;
using GenCluster.Core.Identity;

namespace GenCluster.Worker;

/// <summary>The command line of <c>gencluster-worker</c>.</summary>
internal static class WorkerCommand
{
    public static Task<int> RunAsync(string[] args, TextWriter errors)
    {
        var parsed = Create(errors).Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        foreach (var error in parsed.Errors)
            errors.WriteLine($"gencluster-worker: {error.Message}");
        return parsed.Errors.Count > 0
            ? Task.FromResult(WorkerHost.WrongStart)
            : parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null }); // signals are the host's business: a drain takes its time
    }

    private static RootCommand Create(TextWriter errors)
    {
        var coordinators = new Option<string[]>("--coordinator")
        {
            Description = "Address of a coordinator node, e.g. akka.tcp://gencluster@10.0.0.1:4053. Give it once for each node.",
            Required = true,
        };
        coordinators.Refuse(IsNoAddress, "is not the address of a coordinator; give one like akka.tcp://gencluster@10.0.0.1:4053");
        var name = new Option<string>("--name")
        {
            Description = "Name of this worker, kept over restarts. Default: the host's name and the process id.",
            DefaultValueFactory = _ => $"{Environment.MachineName}-{Environment.ProcessId}",
        };
        name.Refuse(value => value.Length is 0 or > 128 || value.Any(char.IsControl), "is not a name; give one of 1 to 128 characters");
        var runs = new Option<string>("--runs")
        {
            Description = "Folder for metrics, pictures, checkpoints and weights.",
            DefaultValueFactory = _ => "runs",
        };
        var device = new Option<string>("--device") { Description = "auto, cpu or cuda.", DefaultValueFactory = _ => "auto" };
        device.AcceptOnlyFromAmong("auto", "cpu", "cuda");
        var bind = new Option<IPAddress>("--bind")
        {
            Description = "Address to listen on, for the coordinator and for other workers.",
            DefaultValueFactory = _ => IPAddress.Loopback,
            CustomParser = result =>
            {
                if (IPAddress.TryParse(result.Tokens[0].Value, out var address))
                    return address;
                result.AddError($"--bind: '{result.Tokens[0].Value}' is not an IP address; give one like 127.0.0.1");
                return null;
            },
        };
        var port = new Option<int>("--port") { Description = "Port of the control plane; 0 for any free one." };
        var dataPort = new Option<int>("--data-port") { Description = "Port of the data plane (gradients); 0 for any free one." };
        port.Refuse(IsNoPort, "is not a port; give one from 1 to 65535, or 0 for any free one");
        dataPort.Refuse(IsNoPort, "is not a port; give one from 1 to 65535, or 0 for any free one");
        var withParent = new Option<bool>("--exit-with-parent")
        {
            Description = "Exit as soon as standard input is closed, and leave Ctrl-C to the parent.",
        };

        var command = new RootCommand(
            """
            Trains trials of GenCluster on one device: attaches to a coordinator, runs what it is told, reports and checkpoints.

            Exit codes: 0 left cleanly, 2 wrong start (one sentence on standard error says why), others: a crash.
            """)
        {
            coordinators, name, runs, device, bind, port, dataPort, withParent,
        };
        command.SetAction((parse, cancellation) => WorkerHost.RunAsync(
            new WorkerOptions
            {
                Coordinators = parse.GetRequiredValue(coordinators),
                Name = new WorkerId(parse.GetRequiredValue(name)),
                Runs = Path.GetFullPath(parse.GetRequiredValue(runs)),
                Device = parse.GetRequiredValue(device),
                Bind = parse.GetRequiredValue(bind),
                Port = parse.GetValue(port),
                DataPort = parse.GetValue(dataPort),
                ExitWithParent = parse.GetValue(withParent),
            },
            errors));
        return command;
    }

    /// <summary>An error that names the option, the value and what is allowed, for each value that is wrong.</summary>
    private static void Refuse(this Option option, Func<string, bool> isWrong, string why) => option.Validators.Add(result =>
    {
        foreach (var token in result.Tokens.Where(token => isWrong(token.Value)))
            result.AddError($"{option.Name}: '{token.Value}' {why}");
    });

    private static bool IsNoAddress(string value) => !(ActorPath.TryParseAddress(value, out var address) && address.HasGlobalScope);

    private static bool IsNoPort(string value) => int.TryParse(value, out int port) && port is < 0 or > ushort.MaxValue; // no number at all is the parser's to refuse
}

/// <summary>How a worker is started.</summary>
internal sealed record WorkerOptions
{
    public required IReadOnlyList<string> Coordinators { get; init; }

    public required WorkerId Name { get; init; }

    /// <summary>Absolute path.</summary>
    public required string Runs { get; init; }

    public string Device { get; init; } = "auto";

    public IPAddress Bind { get; init; } = IPAddress.Loopback;

    public int Port { get; init; }

    public int DataPort { get; init; }

    public bool ExitWithParent { get; init; }
}
