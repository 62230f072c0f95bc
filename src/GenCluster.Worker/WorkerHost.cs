using System.Net;
using System.Net.Sockets;
using Akka.Actor;
using Akka.Configuration;
using Akka.Hosting;
using GenCluster.Actors.Coordination;
using GenCluster.Actors.Metering;
using GenCluster.Actors.Workers;
using GenCluster.Certificates;
using GenCluster.Collectives.Gangs;
using GenCluster.Core.Checkpoints;
using GenCluster.Core.Metrics;
using GenCluster.Core.Placement;
using GenCluster.Core.Training;
using GenCluster.Monitoring;
using GenCluster.Checkpoints;
using GenCluster.Training.Metering;
using GenCluster.Training.Native;
using GenCluster.Training.Runner;
using GenCluster.Worker.Metering;
using GenCluster.Worker.Programs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace GenCluster.Worker;

/// <summary>
/// A worker process: libtorch, the data plane's listener, and an actor system with plain remoting around one worker
/// actor. Lives until it is told to leave, its parent is gone, or the coordinator will not have it.
/// </summary>
internal static class WorkerHost
{
    /// <summary>It was asked to, and its trial is in other hands.</summary>
    public const int LeftCleanly = 0;

    /// <summary>Trying again would give the same.</summary>
    public const int WrongStart = 2;

    /// <summary>Its run made no step any more and could not be stopped; another process may do better.</summary>
    public const int Stuck = 3;

    /// <summary>It was asked to, and the time for that was over before its trial was in other hands.</summary>
    public const int LeftInHaste = 4;

    private const string Cpu = "cpu", Cuda = "cuda";

    public static async Task<int> RunAsync(WorkerOptions options, TextWriter errors)
    {
        using var exits = new Exits(options.ExitWithParent);
        try
        {
            if (OpenNetwork.Refuse(options.Bind, options.Tls is not null, options.InsecureNetwork) is { } refusal)
                throw new CertificateException(refusal);
            var security = TransportSecurity.Open(options.Tls, TimeProvider.System);
            string device = options.ProgramsOnly ? DeviceOfPrograms(options) : NativeTorch.Load().CudaAvailable && options.Device != "cpu" ? Cuda : Cpu;
            using var listener = new GangListener(options.Bind, options.DataPort, new GangListenerOptions { Security = security });
            CheckPort(options.Bind, options.Port);
            await using var monitor = options.Metrics is { } place ? new WorkerMonitor(place, options.Runs, listener.Counters) : null;
            var metrics = monitor?.Recorder ?? IMetricRecorder.None;
            metrics.Watch(TlsPlane.Data, security);
            var checkpoints = CheckpointPlace.Open(options.Checkpoints, options.Coordinators);
            using var closing = checkpoints as IDisposable;
            var programs = new ProgramTrialRunner(new ProgramOptions { Runs = options.Runs, Checkpoints = checkpoints, Environment = EnvironmentOfProcess() });
            ITrialRunner models = options.ProgramsOnly ? new NoModels() : new TorchTrialRunner(
                RunnerOptionsOf(options, listener, security, metrics),
                new TrialMaterials(TimeProvider.System, checkpoints),
                TimeProvider.System);
            var settings = new WorkerSettings(
                options.Name, Guid.NewGuid(), options.Coordinators, device, options.Bind.ToString(), listener.EndPoint.Port)
            {
                Shared = options.DeviceMemory is { } bytes ? new DeviceMemory(NameOf(device), bytes) : null,
            };
            var chosen = new ChoosingRunner(programs, models);
            ITrialRunner runner = monitor is null ? chosen : new MeteredRunner(chosen, metrics, TimeProvider.System);
            return await ServeAsync(options, settings, runner, checkpoints, metrics, security, exits, errors);
        }
        catch (Exception e) when (e is NativeTorchException or CannotListenException or StorageException or CertificateException or AkkaStartException or CannotServeMetricsException)
        {
            await errors.WriteLineAsync($"gencluster-worker: {e.Message}");
            return WrongStart;
        }
    }

    private static RunnerOptions RunnerOptionsOf(WorkerOptions options, GangListener listener, TransportSecurity? security, IMetricRecorder metrics)
    {
        var runner = new RunnerOptions { RunsDirectory = options.Runs, Device = options.Device, Listener = listener, Meters = new TrainingMeters(metrics) };
        return runner with { Gang = runner.Gang with { Security = security } };
    }

    /// <summary>Without libtorch nobody asks the device itself; what programs can use of it is for them to find out.</summary>
    private static string DeviceOfPrograms(WorkerOptions options)
    {
        bool isVisible = Environment.GetEnvironmentVariable("CUDA_VISIBLE_DEVICES") is not "" && Directory.Exists("/proc/driver/nvidia/gpus");
        return options.Device is Cuda || (options.Device is not Cpu && isVisible) ? Cuda : Cpu;
    }

    private static Dictionary<string, string> EnvironmentOfProcess() => Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>()
        .ToDictionary(pair => (string)pair.Key, pair => (string?)pair.Value ?? "", StringComparer.Ordinal);

    /// <summary>The same in all workers of this host that own the same device.</summary>
    private static string NameOf(string device)
    {
        string? visible = Environment.GetEnvironmentVariable("CUDA_VISIBLE_DEVICES");
        return device is Cpu || string.IsNullOrEmpty(visible) ? device : $"{device} {visible}";
    }

    private static async Task<int> ServeAsync(
        WorkerOptions options, WorkerSettings settings, ITrialRunner runner, ICheckpointStores? checkpoints, IMetricRecorder metrics, TransportSecurity? security, Exits exits, TextWriter errors)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddAkka(CoordinatorHosting.SystemName, akka => akka
            .AddMetrics(metrics)
            .AddStartup((system, _) => checkpoints.Attach(system)) // before the worker can be given a trial
            .AddWorker(options.Bind.ToString(), options.Port, settings, runner, security)
            .AddHocon(ConsoleLog, HoconAddMode.Prepend));
        using var host = builder.Build();
        await StartAsync(host, options);

        var system = host.Services.GetRequiredService<ActorSystem>();
        var worker = host.Services.GetRequiredService<ActorRegistry>().Get<WorkerActor>();
        var rejected = When<WorkerRejected>(system, m => m.Reason);
        var stuck = When<WorkerStuck>(system, m => m.Reason);
        var first = await Task.WhenAny(exits.Asked, rejected, stuck);
        if (first == rejected)
        {
            await errors.WriteLineAsync($"gencluster-worker: {await rejected}");
            return WrongStart;
        }

        bool left = first == exits.Asked && await LeaveAsync(worker, stuck, options.Grace);
        if (stuck.IsCompleted)
        {
            await errors.WriteLineAsync($"gencluster-worker: {await stuck}");
            Exits.ExitNow(Stuck); // an orderly end would wait for the thread that hangs
        }

        if (!left)
            await errors.WriteLineAsync($"gencluster-worker: left after {options.Grace.TotalSeconds:0.#} s without having handed its trial over; it goes on from its last checkpoint");
        await host.StopAsync();
        return left ? LeftCleanly : LeftInHaste;
    }

    /// <summary>Akka tells of a taken port at length; this is the same in one sentence, before it tries.</summary>
    private static void CheckPort(IPAddress bind, int port)
    {
        try
        {
            using var probe = new TcpListener(bind, port);
            probe.Start();
        }
        catch (SocketException e)
        {
            throw CannotListen(bind, port, e);
        }
    }

    private static async Task StartAsync(IHost host, WorkerOptions options)
    {
        try
        {
            await host.StartAsync();
        }
        catch (Exception e)
        {
            throw CannotListen(options.Bind, options.Port, e);
        }
    }

    private static AkkaStartException CannotListen(IPAddress bind, int port, Exception cause) =>
        new($"cannot listen on {bind}:{port}: {cause.GetBaseException().Message}; choose another --port, or 0 for any free one", cause);

    /// <summary>Hands the run over, as far as that is possible in the time that a supervisor grants.</summary>
    /// <returns>Whether it was handed over; else the lease will expire, and the checkpoint holds what counts.</returns>
    private static async Task<bool> LeaveAsync(IActorRef worker, Task stuck, TimeSpan grace)
    {
        var left = worker.Ask<WorkerActor.Left>(WorkerActor.Leave.Instance, grace);
        try
        {
            if (await Task.WhenAny(left, stuck) == stuck)
                return false;
            await left;
            return true;
        }
        catch (AskTimeoutException)
        {
            return false;
        }
    }

    private static Task<string> When<T>(ActorSystem system, Func<T, string> reason)
    {
        var said = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var listener = system.ActorOf(Props.Create(() => new Listener<T>(said, reason)));
        system.EventStream.Subscribe(listener, typeof(T));
        return said.Task;
    }

    private static Config ConsoleLog { get; } = ConfigurationFactory.ParseString(
        """akka { stdout-loglevel = OFF, loggers = ["Akka.Event.DefaultLogger, Akka"] }""");

    private sealed class Listener<T> : ReceiveActor
    {
        public Listener(TaskCompletionSource<string> said, Func<T, string> reason)
        {
            Receive<T>(m => said.TrySetResult(reason(m)));
        }
    }

    private sealed class AkkaStartException(string message, Exception inner) : Exception(message, inner);
}
