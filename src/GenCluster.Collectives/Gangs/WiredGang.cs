using GenCluster.Collectives.Codecs;
using GenCluster.Collectives.Frames;
using GenCluster.Collectives.Links;
using GenCluster.Collectives.Listening;
using GenCluster.Collectives.Memory;
using GenCluster.Collectives.Native;
using GenCluster.Collectives.Tracing;
using GenCluster.Collectives.Tree;

namespace GenCluster.Collectives.Gangs;

/// <summary>
/// A gang of several members, each pair with its own transport. An all-reduce is a reduce-scatter and an all-gather: the
/// owner of each slice gets the partials of all members straight from them, finishes the tree in order, and gives the sum to all. All of it
/// runs on the calling thread, in place, and allocates nothing.
/// </summary>
public sealed partial class WiredGang : IGang
{
    private readonly GangInvitation invitation;
    private readonly GangOptions options;
    private readonly GangDoor door;
    private readonly VectorMemory memory;
    private readonly GangCounters counters;
    private readonly PeerLink[] links;
    private readonly Transport[] transports; // by member
    private readonly long[] readyAt; // by member, for the log and the waits
    private readonly SliceReducer reducer;
    private readonly Patience patience;
    private readonly Lock use = new(); // held while a bucket is reduced
    private GangBrokenException? ending;
    private long number;
    private bool closed;
    private bool returned;

    private WiredGang(GangParty party, Connections connections, GangCounters counters)
    {
        invitation = party.Invitation;
        options = party.Options;
        memory = party.Memory;
        door = connections.Door;
        this.counters = counters;
        transports = new Transport[Plan.Members];
        readyAt = new long[Plan.Members];
        Waits = new GangWaits(Plan.Members);
        var (memories, strides) = MemoriesOf(connections.Arrivals);
        reducer = new SliceReducer(Plan, Member, memories, strides);
        links = [.. connections.Arrivals.Select(LinkTo)];
        counters.CountConnections(links.Length);
        patience = new Patience(Member, memory, links, options);
        Log = new CollectiveLog($"member {Member} of {Plan.Members}, trial '{invitation.Trial}', epoch {invitation.Epoch}; {Describe()}", Member, Plan.Members);
    }

    /// <inheritdoc/>
    public int Member => invitation.Member;

    /// <inheritdoc/>
    public GangPlan Plan => invitation.Plan;

    /// <inheritdoc/>
    public GangWaits Waits { get; }

    /// <summary>What this member did last.</summary>
    public CollectiveLog Log { get; }

    /// <inheritdoc/>
    public Transport TransportTo(int peer) => transports[peer];

    /// <inheritdoc/>
    public void Reduce(ShardAccumulator vectors, int bucket, long position)
    {
        if (!use.TryEnter())
        {
            ThrowIfEnded(); // an abort holds it for a moment
            throw new InvalidOperationException($"member {Member} is reducing already; call it from one thread at a time");
        }

        try
        {
            ThrowIfEnded();
            this.Check(vectors, bucket);
            if (vectors.Memory != memory)
            {
                throw new ArgumentException($"the vectors of member {Member} are in another memory than the gang was joined with");
            }

            if (vectors.Buckets[bucket] is { Length: > 0 } place)
            {
                var code = vectors.CodeOf(bucket);
                var words = code?.Words ?? place;
                var exchanged = Plan.IsExchanged(words) && links[0] is SocketLink;
                Exchange(new Collective(++number, new CollectivePlace(position, vectors.Phase, bucket), words, exchanged, code?.Grain ?? VectorLayout.Alignment, Clock.Now), code);
                code?.DecodeInPlace(vectors.Vector);
            }
        }
        finally
        {
            CloseIfEnded();
            use.Exit();
        }
    }

    /// <inheritdoc/>
    public void Abort()
    {
        End(new GangBrokenException(Member, null, GangBreak.Aborted, $"the gang of trial '{invitation.Trial}', epoch {invitation.Epoch}, was ended by this process"));

        // A running all-reduce wakes from the shutdown and closes by itself.
        if (use.TryEnter())
        {
            CloseIfEnded();
            use.Exit();
        }
    }

    /// <summary>Aborts, and gives the memory back to its owner: its slots are zeros then.</summary>
    public void Dispose()
    {
        Abort();
        lock (use)
        {
            CloseIfEnded();
            if (!returned)
            {
                // Here and not at an abort, which may come while the owner still reads the last sum.
                returned = true;
                memory.Withdraw();
            }
        }

        door.Dispose();
    }

    private (nint[] Memories, long[] Strides) MemoriesOf(Arrival[] arrivals)
    {
        var (memories, strides) = (new nint[Plan.Members], new long[Plan.Members]);
        (memories[Member], strides[Member]) = (memory.AddressOf(0), memory.Stride);
        foreach (var terms in arrivals.Select(arrival => arrival.Terms))
        {
            if (terms.Memory is { } theirs)
            {
                (memories[terms.Peer], strides[terms.Peer]) = (theirs.Slots, theirs.Stride);
            }
        }

        return (memories, strides);
    }

    private PeerLink LinkTo(Arrival arrival)
    {
        var terms = arrival.Terms;
        var wire = new Wire(arrival.Socket);
        transports[terms.Peer] = terms.Transport;
        return terms.Memory is null
            ? new SocketLink(invitation, terms, wire, reducer, counters)
            : new MemoryLink(invitation, terms, wire, reducer);
    }

    private string Describe() => string.Join(", ", links.Select(link => $"member {link.Peer} by {link.Terms.Transport}"));

    private void Exchange(in Collective collective, CodedBucket? code)
    {
        Log.Begin(collective);
        var done = false;
        try
        {
            foreach (var link in links)
            {
                link.Begin(collective);
            }

            reducer.Begin(collective.SummedBy(Member, Plan.Members), code);
            patience.Begin();
            AnnounceReady(collective);
            CollectivesTrace.Log.Send(collective);
            Run(collective);
            patience.End();
            done = true;
        }
        catch (Exception e)
        {
            // Whatever it was, the streams stand in the middle of a frame now. If the gang was ended by others, that is the reason.
            End(e as GangBrokenException ?? new GangBrokenException(Member, null, GangBreak.Aborted, $"{collective} failed: {e.Message}", e));
            ThrowIfEnded();
        }
        finally
        {
            Note(collective, broken: !done);
        }
    }

    private void Run(in Collective collective)
    {
        var summed = false;
        while (true)
        {
            var moved = Progress(collective);
            if (reducer.Settled && !summed)
            {
                summed = moved = true;
                CollectivesTrace.Log.Sum(collective);
                AnnounceSummed(collective);
            }

            if (summed && IsDone())
            {
                return;
            }

            ThrowIfEnded();
            if (!patience.Wait(moved))
            {
                throw TooLate(collective);
            }
        }
    }

    private bool Progress(in Collective collective)
    {
        var moved = false;
        var free = true; // the sum overwrites partials: where both sides sum all, they must be sent first
        foreach (var link in links)
        {
            if (link.Progress())
            {
                moved = true;
                CollectivesTrace.Log.Part(collective, link.Peer);
            }

            free &= !collective.Exchanged || link.PartialsSent;
        }

        return (free && reducer.TryReduce()) || moved;
    }

    private bool IsDone()
    {
        foreach (var link in links)
        {
            if (!link.Done)
            {
                return false;
            }
        }

        return true;
    }

    private unsafe void AnnounceReady(in Collective collective)
    {
        memory.Control->Place = collective.Place;
        memory.Control->ReadyAt = collective.ReadyAt;
        Volatile.Write(ref memory.Control->Ready, collective.Number);
        Ring();
    }

    private unsafe void AnnounceSummed(in Collective collective)
    {
        Volatile.Write(ref memory.Control->Done, collective.Number);
        Ring();
    }

    private void Ring()
    {
        // A peer that is about to sleep says so, then looks once more; this member has written, and looks now whether one sleeps.
        Interlocked.MemoryBarrier();
        foreach (var link in links)
        {
            link.Ring();
        }
    }

    private void Note(in Collective collective, bool broken)
    {
        readyAt[Member] = collective.ReadyAt;
        foreach (var link in links)
        {
            readyAt[link.Peer] = link.ReadyAt;
        }

        Log.End(readyAt, Clock.Now, broken);
        if (!broken)
        {
            Waits.Count(readyAt, Member);
            counters.CountCollective(reducer.Slice.Length * (long)sizeof(float) * reducer.Reachable);
        }
    }

    private GangBrokenException TooLate(in Collective collective)
    {
        var waitedFor = links.Where(link => !link.Done).Select(link => link.Peer).ToArray();
        return new GangBrokenException(
            Member, waitedFor.Length > 0 ? waitedFor[0] : null, GangBreak.Deadline,
            $"nothing came from member{(waitedFor.Length > 1 ? "s" : "")} {string.Join(", ", waitedFor)} for {options.Deadline.TotalSeconds:0.###} s in {collective}");
    }

    /// <summary>The first reason stays. All connections are shut down, so that the peers notice at once.</summary>
    private void End(GangBrokenException reason)
    {
        if (Interlocked.CompareExchange(ref ending, reason, null) is not null)
        {
            return;
        }

        if (reason.Reason != GangBreak.Aborted)
        {
            counters.CountBroken(reason.Reason);
        }

        foreach (var link in links)
        {
            link.Wire.Shutdown();
        }
    }

    private void ThrowIfEnded()
    {
        if (Volatile.Read(ref ending) is { } first)
        {
            throw new GangBrokenException(first) { WaitedFor = [.. links.Where(link => !link.Done).Select(link => link.Peer)], Log = Log };
        }
    }

    private void CloseIfEnded()
    {
        if (Volatile.Read(ref ending) is null || closed)
        {
            return;
        }

        closed = true;
        foreach (var link in links)
        {
            link.Dispose();
        }

        counters.CountConnections(-links.Length);
        patience.Dispose();
        reducer.Dispose();
    }
}
