using System.Net;
using GenCluster.Collectives.Gangs;
using GenCluster.Collectives.Tree;

namespace GenCluster.Collectives.Tests.Support;

/// <summary>A whole gang in one process: every member has its listener and thread, and real sockets in between.</summary>
internal sealed class Loopback : IDisposable
{
    public const string Trial = "trial-7";
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30); // only reached by a hang

    private readonly List<GangListener> listeners = [];
    private readonly List<TcpGang> gangs = [];

    private Loopback(GangPlan plan, long epoch, GangListenerOptions? options)
    {
        Plan = plan;
        Epoch = epoch;
        listeners.AddRange(Enumerable.Range(0, plan.Members).Select(_ => new GangListener(IPAddress.Loopback, options: options)));
    }

    public static byte[] Secret { get; } = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];

    public GangPlan Plan { get; }

    public long Epoch { get; }

    public IReadOnlyList<TcpGang> Gangs => gangs;

    public IReadOnlyList<GangListener> Listeners => listeners;

    /// <summary>The listeners only; nobody has joined.</summary>
    public static Loopback Listening(GangPlan plan, long epoch = 5, GangListenerOptions? options = null) => new(plan, epoch, options);

    /// <summary>All members joined, but for those that a test plays itself.</summary>
    public static async Task<Loopback> JoinedAsync(GangPlan plan, GangOptions? options = null, long epoch = 5)
    {
        var loopback = Listening(plan, epoch);
        await loopback.JoinAsync(options, Enumerable.Range(0, plan.Members));
        return loopback;
    }

    public async Task JoinAsync(GangOptions? options, IEnumerable<int> members)
    {
        var joins = members.Select(member => TcpGang.JoinAsync(Invitation(member), listeners[member], options)).ToList();
        gangs.AddRange(await Task.WhenAll(joins).WaitAsync(Patience));
    }

    public GangInvitation Invitation(int member) => new()
    {
        Trial = Trial,
        Epoch = Epoch,
        Member = member,
        EndPoints = [.. listeners.Select(listener => listener.EndPoint)],
        Secret = Secret,
        Plan = Plan,
    };

    /// <summary>Runs a step on all members at once; each gives its sum or its exception.</summary>
    public async Task<(float[] Sum, GangBrokenException? Broken)[]> AllReduceAsync(int seed, Func<int, long>? step = null, Func<int, int>? phase = null)
    {
        var runs = gangs.Select(gang => OnOwnThread(() => AllReduce(gang, seed, step?.Invoke(gang.Member) ?? 0, phase?.Invoke(gang.Member) ?? 0)));
        return await Task.WhenAll(runs).WaitAsync(Patience);
    }

    public static Task<T> OnOwnThread<T>(Func<T> work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    public static (float[] Sum, GangBrokenException? Broken) AllReduce(IGang gang, int seed, long step = 0, int phase = 0)
    {
        var sum = new float[gang.Plan.Lengths[phase]];
        try
        {
            gang.AllReduce(Vectors.Gradients(gang.Plan, gang.Member, seed, step, phase), sum, step);
            return (sum, null);
        }
        catch (GangBrokenException e)
        {
            return (sum, e);
        }
    }

    public void Dispose()
    {
        gangs.ForEach(gang => gang.Dispose());
        listeners.ForEach(listener => listener.Dispose());
    }
}
