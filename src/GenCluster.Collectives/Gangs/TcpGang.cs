using System.Diagnostics;
using System.Net.Sockets;
using GenCluster.Collectives.Frames;
using GenCluster.Collectives.Tree;

namespace GenCluster.Collectives.Gangs;

/// <summary>
/// A gang over TCP, one connection for each pair of members. An all-reduce is a reduce-scatter and an all-gather: each member
/// sends its partials of every slice straight to the slice's owner, the owner finishes the tree in order, and the sums go
/// back out. All of it runs on the calling thread.
/// </summary>
public sealed partial class TcpGang : IGang
{
    private static readonly TimeSpan LongestSleep = TimeSpan.FromSeconds(1); // an abort wakes it at once

    private readonly GangInvitation invitation;
    private readonly GangOptions options;
    private readonly GangDoor door;
    private readonly PeerLink[] links;
    private readonly SliceReducer reducer;
    private readonly List<Socket> toReceive = [];
    private readonly List<Socket> toSend = [];
    private readonly Lock use = new(); // held while an all-reduce runs
    private GangBrokenException? ending;

    private TcpGang(GangInvitation invitation, GangOptions options, GangDoor door, PeerLink[] links)
    {
        this.invitation = invitation;
        this.options = options;
        this.door = door;
        this.links = links;
        reducer = new SliceReducer(invitation.Plan, invitation.Member);
    }

    /// <inheritdoc/>
    public int Member => invitation.Member;

    /// <inheritdoc/>
    public GangPlan Plan => invitation.Plan;

    /// <inheritdoc/>
    public void AllReduce(ShardAccumulator gradients, Span<float> sum, long step)
    {
        if (!use.TryEnter())
        {
            throw new InvalidOperationException($"member {Member} is in an all-reduce already; call it from one thread at a time");
        }

        try
        {
            ThrowIfEnded();
            reducer.Begin(gradients, sum);
            Exchange(new FrameStamp(invitation.Epoch, step, gradients.Phase), sum);
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

    /// <inheritdoc/>
    public void Dispose()
    {
        Abort();
        lock (use)
        {
            CloseIfEnded();
        }

        door.Dispose();
    }

    private void Exchange(FrameStamp stamp, Span<float> sum)
    {
        try
        {
            foreach (var link in links)
            {
                link.Begin(stamp);
            }

            var lastMove = Stopwatch.GetTimestamp();
            while (!IsDone())
            {
                if (Progress(sum))
                {
                    lastMove = Stopwatch.GetTimestamp();
                }
                else
                {
                    Wait(stamp, options.Deadline - Stopwatch.GetElapsedTime(lastMove));
                }
            }
        }
        catch (Exception e)
        {
            // Whatever it was, the streams stand in the middle of a frame now. If the gang was ended by others, that is the reason.
            End(e as GangBrokenException ?? new GangBrokenException(Member, null, GangBreak.Aborted, $"step {stamp.Step} failed: {e.Message}", e));
            ThrowIfEnded();
        }
    }

    private bool Progress(Span<float> sum)
    {
        var moved = false;
        foreach (var link in links)
        {
            moved |= link.Progress(reducer, sum);
        }

        return reducer.TryReduce(sum) || moved;
    }

    private bool IsDone()
    {
        ThrowIfEnded();
        foreach (var link in links)
        {
            if (!link.Done)
            {
                return false;
            }
        }

        return reducer.Done;
    }

    /// <summary>Sleeps until a socket that matters can move a byte.</summary>
    private void Wait(FrameStamp stamp, TimeSpan left)
    {
        toReceive.Clear();
        toSend.Clear();
        PeerLink? awaited = null;
        foreach (var link in links)
        {
            if (link.WantsToReceive(reducer))
            {
                toReceive.Add(link.Socket);
                awaited ??= link;
            }

            if (link.WantsToSend(reducer))
            {
                toSend.Add(link.Socket);
                awaited ??= link;
            }
        }

        if (left <= TimeSpan.Zero)
        {
            throw new GangBrokenException(
                Member, awaited?.Peer, GangBreak.Deadline,
                $"nothing came from member {awaited?.Peer} for {options.Deadline.TotalSeconds:0.###} s in step {stamp.Step}, phase {stamp.Phase}");
        }

        Socket.Select(toReceive, toSend, null, left < LongestSleep ? left : LongestSleep);
    }

    /// <summary>The first reason stays. All connections are shut down, so that the peers notice at once.</summary>
    private void End(GangBrokenException reason)
    {
        if (Interlocked.CompareExchange(ref ending, reason, null) is null)
        {
            foreach (var link in links)
            {
                link.Shutdown();
            }
        }
    }

    private void ThrowIfEnded()
    {
        if (Volatile.Read(ref ending) is { } first)
        {
            throw new GangBrokenException(first);
        }
    }

    private void CloseIfEnded()
    {
        if (Volatile.Read(ref ending) is not null)
        {
            foreach (var link in links)
            {
                link.Dispose();
            }
        }
    }
}
