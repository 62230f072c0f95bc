using System.Net;
using GenCluster.Collectives.Gangs;
using GenCluster.Collectives.Memory;
using GenCluster.Collectives.Tree;

namespace GenCluster.Collectives.Tests.Support;

/// <summary>A whole gang in one process: every member has its listener and thread, and real sockets in between.</summary>
internal sealed class Loopback : IDisposable
{
    public const string Trial = "trial-7";
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30); // only reached by a hang

    private readonly List<GangListener> listeners = [];
    private readonly List<VectorMemory> memories = [];
    private readonly List<WiredGang> gangs = [];

    private Loopback(GangPlan plan, long epoch, GangListenerOptions? options)
    {
        Plan = plan;
        Epoch = epoch;
        memories.AddRange(Enumerable.Range(0, plan.Members).Select(_ => new VectorMemory(plan.Layout.Capacity, plan.Shards)));
        listeners.AddRange(Enumerable.Range(0, plan.Members).Select(_ => new GangListener(IPAddress.Loopback, options: options)));
    }

    public static byte[] Secret { get; } = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];

    public GangPlan Plan { get; }

    public long Epoch { get; }

    public IReadOnlyList<WiredGang> Gangs => gangs;

    public IReadOnlyList<GangListener> Listeners => listeners;

    public IReadOnlyList<VectorMemory> Memories => memories;

    /// <summary>The listeners only; nobody has joined.</summary>
    public static Loopback Listening(GangPlan plan, long epoch = 5, GangListenerOptions? options = null) => new(plan, epoch, options);

    /// <summary>All members joined, but for those that a test plays itself.</summary>
    public static Task<Loopback> JoinedAsync(GangPlan plan, GangOptions? options = null, long epoch = 5) => JoinedAsync(plan, _ => options, epoch);

    /// <summary>All members joined, each with its own options.</summary>
    public static async Task<Loopback> JoinedAsync(GangPlan plan, Func<int, GangOptions?> options, long epoch = 5)
    {
        var loopback = Listening(plan, epoch, new GangListenerOptions { Security = options(0)?.Security });
        await loopback.JoinAsync(options, Enumerable.Range(0, plan.Members));
        return loopback;
    }

    public Task JoinAsync(GangOptions? options, IEnumerable<int> members) => JoinAsync(_ => options, members);

    public async Task JoinAsync(Func<int, GangOptions?> options, IEnumerable<int> members)
    {
        var joins = members.Select(member => JoinAsync(Invitation(member), options(member))).ToList();
        gangs.AddRange(await Task.WhenAll(joins).WaitAsync(Patience));
    }

    public Task<WiredGang> JoinAsync(GangInvitation invitation, GangOptions? options = null, CancellationToken cancellation = default) =>
        WiredGang.JoinAsync(invitation, memories[invitation.Member], listeners[invitation.Member], options, cancellation);

    public GangInvitation Invitation(int member) => new()
    {
        Trial = Trial,
        Epoch = Epoch,
        Member = member,
        EndPoints = [.. listeners.Select(listener => listener.EndPoint)],
        Secret = Secret,
        Plan = Plan,
    };

    /// <summary>Reduces a phase on all members at once; each gives what is in its buckets then, or its exception.</summary>
    public async Task<(float[] Sum, GangBrokenException? Broken)[]> AllReduceAsync(int seed, Func<int, long>? position = null, Func<int, int>? phase = null)
    {
        var runs = gangs.Select(gang => OnOwnThread(
            () => AllReduce(gang, memories[gang.Member], seed, position?.Invoke(gang.Member) ?? 0, phase?.Invoke(gang.Member) ?? 0)));
        return await Task.WhenAll(runs).WaitAsync(Patience);
    }

    public static Task<T> OnOwnThread<T>(Func<T> work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    public static (float[] Sum, GangBrokenException? Broken) AllReduce(IGang gang, VectorMemory memory, int seed, long position = 0, int phase = 0)
    {
        var vectors = Vectors.Filled(gang.Plan, gang.Member, memory, seed, position, phase);
        try
        {
            gang.AllReduce(vectors, position);
            return (Vectors.InBuckets(vectors), null);
        }
        catch (GangBrokenException e)
        {
            return ([], e);
        }
    }

    public void Dispose()
    {
        gangs.ForEach(gang => gang.Dispose());
        listeners.ForEach(listener => listener.Dispose());
        memories.ForEach(memory => memory.Dispose());
    }
}
