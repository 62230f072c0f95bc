using System.Runtime.Intrinsics.X86;
using GenCluster.Collectives.Links;
using GenCluster.Collectives.Memory;
using GenCluster.Collectives.Native;

namespace GenCluster.Collectives.Gangs;

/// <summary>
/// How a member waits when nothing can be moved: it looks again for some microseconds, since to sleep and wake takes about as
/// long, and then sleeps on its peers' connections. A peer that shares memory sends a byte when it sees the sleeper's word.
/// </summary>
internal sealed unsafe class Patience : IDisposable
{
    private const long SpinFor = 50_000; // nanoseconds
    private const long LongestSleep = 1_000_000_000; // an abort wakes it at once

    private readonly VectorMemory memory;
    private readonly PeerLink[] links;
    private readonly WireSet wires;
    private readonly long deadline;
    private readonly long spinFor;
    private readonly bool crowded;
    private readonly bool pin;
    private readonly int core; // this member's turn among those on this host
    private int pinned; // the thread that is bound to it
    private long lastMove;
    private bool announced;

    public Patience(int member, VectorMemory memory, PeerLink[] links, GangOptions options)
    {
        this.memory = memory;
        this.links = links;
        wires = new WireSet([.. links.Select(link => link.Wire)]);
        deadline = Clock.Of(options.Deadline);
        crowded = links.Count(link => link.Terms.SameHost) + 1 > Environment.ProcessorCount;

        // With more members than cores a look at a socket takes time from the one that would send.
        spinFor = crowded && links.Any(link => link is SocketLink) ? 0 : SpinFor;
        pin = options.PinCores && !crowded;
        core = links.Count(link => link.Terms.SameHost && link.Peer < member);
    }

    public void Begin()
    {
        if (pin && pinned != Environment.CurrentManagedThreadId)
        {
            pinned = Environment.CurrentManagedThreadId;
            CoreBinding.Bind(core);
        }

        lastMove = Clock.Now;
    }

    /// <summary>Nobody need ring any more.</summary>
    public void End()
    {
        if (announced)
        {
            announced = false;
            Volatile.Write(ref memory.Control->Sleeping, 0);
        }
    }

    /// <summary>Waits a little if nothing moved; false when nothing has moved for too long.</summary>
    public bool Wait(bool moved)
    {
        if (moved)
        {
            lastMove = Clock.Now;
            End();
            return true;
        }

        var idle = Clock.Now - lastMove;
        if (idle < spinFor)
        {
            Pause();
        }
        else if (!announced)
        {
            // Said before the last look: whoever changes something after that look sees it and rings.
            announced = true;
            Interlocked.Exchange(ref memory.Control->Sleeping, 1);
        }
        else if (idle < deadline)
        {
            Sleep(deadline - idle);
        }

        return idle < deadline;
    }

    public void Dispose() => wires.Dispose();

    private void Sleep(long atMost)
    {
        for (var i = 0; i < links.Length; i++)
        {
            links[i].Rest();
            wires.Want(i, links[i].WantsToReceive, links[i].WantsToSend);
        }

        wires.Wait(Math.Min(atMost, LongestSleep));
        for (var i = 0; i < links.Length; i++)
        {
            if (wires.Happened(i))
            {
                links[i].Woken();
            }
        }
    }

    private void Pause()
    {
        if (crowded)
        {
            _ = Libc.Yield();
        }
        else if (X86Base.IsSupported)
        {
            X86Base.Pause();
        }
    }
}
