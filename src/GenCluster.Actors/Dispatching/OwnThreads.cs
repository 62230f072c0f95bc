using Akka.Configuration;
using Akka.Dispatch;

namespace GenCluster.Actors.Dispatching;

/// <summary>
/// Threads of its own for a dispatcher, which sleep when there is nothing to do.
/// Akka's fork-join threads do not share a pool with others either, but look for work for a while before they sleep, and
/// on a machine with few cores they take what they look with from those who have work.
/// </summary>
public sealed class OwnThreads(Config config, IDispatcherPrerequisites prerequisites) : ExecutorServiceConfigurator(config, prerequisites)
{
    /// <summary>What a dispatcher's configuration says to have so many threads.</summary>
    public static string For(int threads) =>
        $"type = Dispatcher, throughput = 10, executor = \"{typeof(OwnThreads).FullName}, {typeof(OwnThreads).Assembly.GetName().Name}\", own-threads = {threads}";

    public override ExecutorService Produce(string id) => new Service(id, Config.GetInt("own-threads", 1));

    private sealed class Service : ExecutorService
    {
        private readonly object gate = new();
        private readonly Queue<IRunnable> waiting = [];
        private bool isOver;

        public Service(string id, int threads)
            : base(id)
        {
            for (int i = 0; i < threads; i++)
                new Thread(Serve) { IsBackground = true, Name = id }.Start();
        }

        public override void Execute(IRunnable run)
        {
            lock (gate)
            {
                waiting.Enqueue(run);
                Monitor.Pulse(gate);
            }
        }

        /// <summary>What waits is still done.</summary>
        public override void Shutdown()
        {
            lock (gate)
            {
                isOver = true;
                Monitor.PulseAll(gate);
            }
        }

        private void Serve()
        {
            while (Next() is { } run)
                run.Run();
        }

        private IRunnable? Next()
        {
            lock (gate)
            {
                while (waiting.Count == 0)
                {
                    if (isOver)
                        return null;
                    Monitor.Wait(gate);
                }

                return waiting.Dequeue();
            }
        }
    }
}
