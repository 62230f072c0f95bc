using System.Net;
using System.Net.Sockets;
using Akka.Actor;
using Akka.Configuration;
using Akka.Hosting;
using GenCluster.Actors.Coordination;
using GenCluster.Actors.Workers;
using GenCluster.Collectives.Gangs;
using GenCluster.Training.Native;
using GenCluster.Training.Runner;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace GenCluster.Worker;

/// <summary>
/// A worker process: libtorch, the data plane's listener, and an actor system with plain remoting around one worker
/// actor. Lives until it is told to leave, its parent is gone, or the coordinator will not have it.
/// </summary>
internal static class WorkerHost
{
    private const int LeftCleanly = 0;

    /// <summary>Trying again would give the same.</summary>
    public const int WrongStart = 2;

    public static async Task<int> RunAsync(WorkerOptions options, TextWriter errors)
    {
        using var exits = new Exits(options.ExitWithParent);
        try
        {
            var torch = NativeTorch.Load();
            using var listener = new GangListener(options.Bind, options.DataPort);
            CheckPort(options.Bind, options.Port);
            var runner = new TorchTrialRunner(
                new RunnerOptions { RunsDirectory = options.Runs, Device = options.Device, Listener = listener },
                new TrialMaterials(TimeProvider.System),
                TimeProvider.System);
            var settings = new WorkerSettings(
                options.Name, Guid.NewGuid(), options.Coordinators, torch.CudaAvailable && options.Device != "cpu" ? "cuda" : "cpu", options.Bind.ToString(), listener.EndPoint.Port);
            return await ServeAsync(options, settings, runner, exits, errors);
        }
        catch (Exception e) when (e is NativeTorchException or CannotListenException or AkkaStartException)
        {
            await errors.WriteLineAsync($"gencluster-worker: {e.Message}");
            return WrongStart;
        }
    }

    private static async Task<int> ServeAsync(WorkerOptions options, WorkerSettings settings, TorchTrialRunner runner, Exits exits, TextWriter errors)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddAkka(CoordinatorHosting.SystemName, akka => akka
            .AddWorker(options.Bind.ToString(), options.Port, settings, runner)
            .AddHocon(ConsoleLog, HoconAddMode.Prepend));
        using var host = builder.Build();
        await StartAsync(host, options);

        var system = host.Services.GetRequiredService<ActorSystem>();
        var worker = host.Services.GetRequiredService<ActorRegistry>().Get<WorkerActor>();
        var rejected = WhenRejected(system);
        if (await Task.WhenAny(exits.Asked, rejected) == rejected)
        {
            await errors.WriteLineAsync($"gencluster-worker: {await rejected}");
            return WrongStart;
        }

        await LeaveAsync(worker);
        await host.StopAsync();
        return LeftCleanly;
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

    /// <summary>Hands the run back, as far as that is possible in the time that a supervisor grants.</summary>
    private static async Task LeaveAsync(IActorRef worker)
    {
        try
        {
            await worker.Ask<WorkerActor.Left>(WorkerActor.Leave.Instance, TimeSpan.FromSeconds(20));
        }
        catch (AskTimeoutException)
        {
            // The lease will expire; the checkpoint holds what counts.
        }
    }

    private static Task<string> WhenRejected(ActorSystem system)
    {
        var rejected = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var listener = system.ActorOf(Props.Create(() => new RejectionListener(rejected)));
        system.EventStream.Subscribe(listener, typeof(WorkerRejected));
        return rejected.Task;
    }

    private static Config ConsoleLog { get; } = ConfigurationFactory.ParseString(
        """akka { stdout-loglevel = OFF, loggers = ["Akka.Event.DefaultLogger, Akka"] }""");

    private sealed class RejectionListener : ReceiveActor
    {
        public RejectionListener(TaskCompletionSource<string> rejected)
        {
            Receive<WorkerRejected>(m => rejected.TrySetResult(m.Reason));
        }
    }

    private sealed class AkkaStartException(string message, Exception inner) : Exception(message, inner);
}
