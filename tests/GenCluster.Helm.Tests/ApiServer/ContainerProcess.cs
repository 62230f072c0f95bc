using System.Diagnostics;
using GenCluster.Helm.Tests.Support;
using k8s.Models;

namespace GenCluster.Helm.Tests.ApiServer;

/// <summary>A container as a process of this machine: the same command, with addresses and paths of this machine.</summary>
internal sealed class ContainerProcess
{
    private readonly Process process;
    private readonly string[] arguments;
    private readonly string address;

    private ContainerProcess(Process process, string[] arguments, string address)
    {
        this.process = process;
        this.arguments = arguments;
        this.address = address;
    }

    public bool HasExited => process.HasExited;

    public int ExitCode => process.ExitCode;

    public static async Task<ContainerProcess> StartAsync(V1Container container, PodFiles files, string address, string folder)
    {
        var environment = await EnvironmentAsync(container, files, address);
        string Filled(string text) => files.Here(Expanded(text, environment), container);
        string[] line = [.. (container.Command ?? []).Concat(container.Args ?? []).Select(Filled)];
        if (line is ["tini", "--", ..])
            line = line[2..];
        // All pods share this machine's addresses, so that one which listens on all of them would be in the others' way.
        string[] arguments = [.. line[1..].Select(a => a == "0.0.0.0" ? address : a)];

        string log = Path.Combine(files.Folder, $"{container.Name}.log");
        string[] shell = ["-c", "out=\"$1\"; shift; exec \"$@\" >>\"$out\" 2>&1 </dev/null", "sh", log, Program(line[0]), .. arguments];
        var start = new ProcessStartInfo("sh", shell) { WorkingDirectory = folder };
        foreach (var (name, value) in environment)
            start.Environment[name] = files.Here(value, container);
        return new ContainerProcess(Process.Start(start)!, arguments, address);
    }

    /// <summary>Whether the program was told to serve that port.</summary>
    public bool Serves(string port) => arguments.Contains(port == "metrics" ? "--metrics-port" : "--http-port");

    /// <summary>The address on which it does.</summary>
    public string HostOf(string port) => arguments.Contains(port == "metrics" ? "--metrics-bind" : "--http-bind") ? address : "127.0.0.1";

    /// <summary>SIGTERM, and SIGKILL when the time is up.</summary>
    public async Task EndAsync(TimeSpan grace)
    {
        using (var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]))
            await kill.WaitForExitAsync();
        using var patience = new CancellationTokenSource(grace);
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            await KillAsync();
        }
    }

    public async Task KillAsync()
    {
        if (!process.HasExited)
            process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
    }

    private static async Task<Dictionary<string, string>> EnvironmentAsync(V1Container container, PodFiles files, string address)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var variable in container.Env ?? [])
        {
            environment[variable.Name] = variable.ValueFrom switch
            {
                { FieldRef.FieldPath: "metadata.name" } => files.Pod.Name(),
                { FieldRef.FieldPath: "status.podIP" } => address,
                { SecretKeyRef: { } secret } => await files.SecretKeyAsync(secret),
                null => Expanded(variable.Value ?? "", environment),
                _ => throw new NotSupportedException($"{container.Name}: {variable.Name} comes from something that this kubelet does not know"),
            };
        }

        return environment;
    }

    private static string Expanded(string text, Dictionary<string, string> environment) =>
        environment.Aggregate(text, (all, variable) => all.Replace($"$({variable.Key})", variable.Value, StringComparison.Ordinal));

    private static string Program(string name)
    {
        string here = Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory);
        string built = Path.GetDirectoryName(Path.GetDirectoryName(here))!;
        return name switch
        {
            "gencluster" => Path.Combine(built, "GenCluster.Cli", Path.GetFileName(here), name),
            "gencluster-worker" => Path.Combine(built, "GenCluster.Worker", Path.GetFileName(here), name),
            _ => throw new NotSupportedException($"no program of ours: {name}"),
        };
    }
}
