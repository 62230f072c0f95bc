using GenCluster.Collectives.Codecs;

namespace GenCluster.Collectives.Tests.Codecs;

/// <summary>An exchange between the threads of this process: everybody lays out what he has, then everybody takes what is his.</summary>
internal sealed class MemoryExchange(int members) : IDisposable
{
    private readonly ReadOnlyMemory<byte>[][] laidOut = new ReadOnlyMemory<byte>[members][];
    private readonly Barrier barrier = new(members);
    private readonly CancellationTokenSource failed = new();
    private long bytes;

    /// <summary>All that has gone from one member to another.</summary>
    public long Bytes => bytes;

    public IExchange Of(int member) => new End(this, member);

    public void Dispose()
    {
        barrier.Dispose();
        failed.Dispose();
    }

    /// <summary>Runs the same on every member at a time; if one fails, all do.</summary>
    public void Run(Action<int, IExchange> act)
    {
        var failures = new Exception?[members];
        Thread[] threads = [.. Enumerable.Range(0, members).Select(member => new Thread(() => Try(member)))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        if (failures.Any(failure => failure is not null))
        {
            throw new AggregateException(failures.OfType<Exception>());
        }

        void Try(int member)
        {
            try
            {
                act(member, Of(member));
            }
            catch (Exception e)
            {
                failures[member] = e;
                failed.Cancel();
            }
        }
    }

    private sealed class End(MemoryExchange shared, int member) : IExchange
    {
        public void Exchange(ReadOnlySpan<ReadOnlyMemory<byte>> outgoing, ReadOnlySpan<Memory<byte>> incoming, long position)
        {
            shared.laidOut[member] = outgoing.ToArray();
            shared.barrier.SignalAndWait(shared.failed.Token);
            for (var peer = 0; peer < incoming.Length; peer++)
            {
                if (peer != member)
                {
                    var piece = shared.laidOut[peer][member];
                    piece.Length.ShouldBe(incoming[peer].Length, $"from member {peer} to {member}");
                    piece.CopyTo(incoming[peer]);
                    Interlocked.Add(ref shared.bytes, piece.Length);
                }
            }

            shared.barrier.SignalAndWait(shared.failed.Token);
        }
    }
}
