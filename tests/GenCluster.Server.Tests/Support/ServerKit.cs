using System.Net;
using GenCluster.Actors.Persistence;
using GenCluster.Actors.Tests.Support;
using GenCluster.Certificates;
using GenCluster.Core.Placement;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Training;
using GenCluster.Server.Api;

namespace GenCluster.Server.Tests.Support;

/// <summary>Coordinator hosts and remote workers of one test, and the folder of their journal.</summary>
public abstract class ServerKit : IAsyncLifetime
{
    private readonly CancellationTokenSource patience = new(TimeSpan.FromSeconds(60));
    private readonly Stack<IAsyncDisposable> started = [];

    private protected string Folder { get; } = Directory.CreateTempSubdirectory("gencluster-test-").FullName;

    private protected string Journal => Path.Combine(Folder, "journal.db");

    private protected CancellationToken Patience => patience.Token;

    public virtual ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public virtual async ValueTask DisposeAsync()
    {
        while (started.TryPop(out var one))
            await one.DisposeAsync();
        patience.Dispose();
        Directory.Delete(Folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>From now on; for what somebody asked to take long.</summary>
    private protected void BePatientFor(TimeSpan time) => patience.CancelAfter(time);

    private protected async Task<ICoordinator> StartAsync(
        int port = 0, int expectedWorkers = 0, TimeSpan? leaseTime = null, JournalDatabase? database = null, ApiOptions? api = null, ProjectRules? projects = null, string? log = null, TransportSecurity? security = null)
    {
        var coordinator = await CoordinatorHost.StartAsync(
            new CoordinatorOptions
            {
                Journal = database ?? new JournalDatabase.Sqlite(Journal),
                Port = port,
                ExpectedWorkers = expectedWorkers,
                LeaseTime = leaseTime ?? TimeSpan.FromSeconds(10),
                HasReadModel = api is not null,
                Api = api,
                Projects = projects ?? ProjectRules.None,
                Log = log,
                Security = security,
            },
            Patience);
        started.Push(coordinator);
        return coordinator;
    }

    private protected async Task<RemoteWorker> StartWorkerAsync(ICoordinator coordinator, string name, ITrialRunner runner, TransportSecurity? security = null)
    {
        var worker = await RemoteWorker.StartAsync(name, coordinator.Address, runner, security);
        started.Push(worker);
        return worker;
    }

    private protected async Task<SubmitAnswer> SubmitAsync(ICoordinator coordinator, SweepSpec spec) => await coordinator.SubmitAsync(spec, Patience);

    /// <summary>All views until the last.</summary>
    private protected async Task<List<SweepView>> WatchAsync(ICoordinator coordinator)
    {
        var views = new List<SweepView>();
        await foreach (var view in coordinator.WatchAsync(Samples.Sweep, Patience))
            views.Add(view);
        return views;
    }

    /// <summary>The first view that is as it should be.</summary>
    private protected async Task<SweepView> WatchAsync(ICoordinator coordinator, Predicate<SweepView> until)
    {
        await foreach (var view in coordinator.WatchAsync(Samples.Sweep, Patience))
        {
            if (until(view))
                return view;
        }

        throw new InvalidOperationException("the sweep ended before");
    }

    private protected static int PortOf(ICoordinator coordinator) => new Uri(coordinator.Address.Replace("akka.tcp", "tcp", StringComparison.Ordinal)).Port;
}
