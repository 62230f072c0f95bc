using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Net;
using Akka.Actor;
using GenCluster.Core.Checkpoints;
using GenCluster.Core.Identity;
using GenCluster.Core.Placement;
using GenCluster.Monitoring;

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
        var checkpoints = new Option<string?>(CheckpointPlace.Option)
        {
            Description = $"Where checkpoints go: {CheckpointAddress.Forms} (the coordinator's database, for small models). Default: {CheckpointPlace.Variable}, or each trial's folder.",
        };
        var device = new Option<string>("--device") { Description = "auto, cpu or cuda.", DefaultValueFactory = _ => "auto" };
        device.AcceptOnlyFromAmong("auto", "cpu", "cuda");
        var bind = Address("--bind", "Address to listen on, for the coordinator and for other workers.");
        var port = new Option<int>("--port") { Description = "Port of the control plane; 0 for any free one." };
        var dataPort = new Option<int>("--data-port") { Description = "Port of the data plane (gradients); 0 for any free one." };
        port.Refuse(IsNoPort, "is not a port; give one from 1 to 65535, or 0 for any free one");
        dataPort.Refuse(IsNoPort, "is not a port; give one from 1 to 65535, or 0 for any free one");
        var memory = new Option<string?>("--device-memory")
        {
            Description = "Memory of the device that trials may use, e.g. 24GiB. Give it, the same to each, where several workers own one device.",
        };
        memory.Refuse(value => ByteSize.Parse(value) is null, $"is not a size of memory; write {ByteSize.Allowed}");
        var metricsPort = new Option<int?>("--metrics-port") { Description = "Port to serve metrics to Prometheus on, and /healthz. Default: none." };
        metricsPort.Refuse(value => int.TryParse(value, out int number) && number is < 1 or > ushort.MaxValue, "is not a port; give one from 1 to 65535");
        var metricsBind = Address("--metrics-bind", "Address to serve metrics on; whoever reaches it may read them.");
        var withParent = new Option<bool>("--exit-with-parent")
        {
            Description = "Exit as soon as standard input is closed, and leave Ctrl-C to the parent.",
        };

        var programsOnly = new Option<bool>("--programs-only")
        {
            Description = "Run trials that are programs, and no others; libtorch is not needed then.",
        };
        var grace = new Option<double>("--grace")
        {
            Description = "Seconds from SIGTERM until it has left: for the step in flight, a checkpoint if there are too few others, and handing over.",
            DefaultValueFactory = _ => 20,
        };
        grace.Refuse(value => double.TryParse(value, CultureInfo.InvariantCulture, out double seconds) && seconds is not (>= 1 and <= 3600), "is no such time; give one of 1 to 3600 seconds");

        var command = new RootCommand(
            """
            Trains trials of GenCluster on one device: attaches to a coordinator, runs what it is told, reports and checkpoints.

            Exit codes: 0 left cleanly, 2 wrong start (one sentence on standard error says why), 3 the run made no step any
            more, 4 left before the trial was in other hands, others: a crash.
            """)
        {
            coordinators, name, runs, checkpoints, device, memory, bind, port, dataPort, metricsPort, metricsBind, withParent, programsOnly, grace,
        };
        command.SetAction(async (parse, cancellation) =>
        {
            var place = CheckpointPlace.Read(parse.GetValue(checkpoints), out string? fault);
            if (fault is not null)
            {
                await errors.WriteLineAsync($"gencluster-worker: {fault}");
                return WorkerHost.WrongStart;
            }

            var options = new WorkerOptions
            {
                Coordinators = parse.GetRequiredValue(coordinators),
                Name = new WorkerId(parse.GetRequiredValue(name)),
                Runs = Path.GetFullPath(parse.GetRequiredValue(runs)),
                Checkpoints = place,
                Device = parse.GetRequiredValue(device),
                DeviceMemory = parse.GetValue(memory) is { } size ? ByteSize.Parse(size) : null,
                Bind = parse.GetRequiredValue(bind),
                Port = parse.GetValue(port),
                DataPort = parse.GetValue(dataPort),
                Metrics = parse.GetValue(metricsPort) is { } served ? new MetricsAddress(parse.GetRequiredValue(metricsBind), served) : null,
                ExitWithParent = parse.GetValue(withParent),
                ProgramsOnly = parse.GetValue(programsOnly),
                Grace = TimeSpan.FromSeconds(parse.GetRequiredValue(grace)),
            };
            return await WorkerHost.RunAsync(options, errors);
        });
        return command;
    }

    private static Option<IPAddress> Address(string name, string description) => new(name)
    {
        Description = description,
        DefaultValueFactory = _ => IPAddress.Loopback,
        CustomParser = result =>
        {
            if (IPAddress.TryParse(result.Tokens[0].Value, out var address))
                return address;
            result.AddError($"{name}: '{result.Tokens[0].Value}' is not an IP address; give one like 127.0.0.1");
            return null;
        },
    };

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

    /// <summary>Null for the trial's own folder.</summary>
    public CheckpointAddress? Checkpoints { get; init; }

    public string Device { get; init; } = "auto";

    /// <summary>Bytes that trials may use of a device that several workers own; null: it is this worker's alone.</summary>
    public long? DeviceMemory { get; init; }

    public IPAddress Bind { get; init; } = IPAddress.Loopback;

    public int Port { get; init; }

    public int DataPort { get; init; }

    /// <summary>Where metrics are served; null: nowhere.</summary>
    public MetricsAddress? Metrics { get; init; }

    public bool ExitWithParent { get; init; }

    /// <summary>Without libtorch.</summary>
    public bool ProgramsOnly { get; init; }

    /// <summary>From the request to leave until the process is gone.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(20);
}
