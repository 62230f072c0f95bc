using System.Diagnostics;
using System.Globalization;
using System.Net;
using GenCluster.Benchmarks.Crews;
using GenCluster.Collectives.Gangs;
using GenCluster.Core.Checkpoints;
using GenCluster.Core.Identity;
using GenCluster.Core.Training;
using GenCluster.Core.Trials;
using GenCluster.Training.Native;
using GenCluster.Training.Runner;

namespace GenCluster.Benchmarks.Recovery;

/// <summary>
/// A worker without its actors: the runner, the data plane, and orders from the benchmark.
/// <code>
/// order EPOCH MEMBER FORCED PORT:SHARDS PORT:SHARDS ...
/// events FROM
/// </code>
/// </summary>
internal sealed class RecoveryWorker : ITrialObserver, IDisposable
{
    private readonly List<RecoveryEvent> events = [];
    private readonly RunControl control = new();
    private readonly string runs = Directory.CreateTempSubdirectory("runs-").FullName;
    private readonly GangListener listener = new(IPAddress.Loopback);
    private Thread? run;

    public static void Serve(CrewLine line)
    {
        NativeTorch.Load();
        using var worker = new RecoveryWorker();
        line.Meet($"{worker.listener.EndPoint.Port}:{Environment.ProcessId}");
        line.Serve(request => request[0] == "order" ? worker.Obey(OrderOf(request)) : worker.EventsFrom(int.Parse(request[1], CultureInfo.InvariantCulture)));
    }

    public void Started(int step) => Note(RecoveryEvent.Started, step);

    public void Progressed(StepProgress progress) => Note(RecoveryEvent.Progressed, progress.Step);

    public void GangBroke(int? peer, string message) => Note(RecoveryEvent.Broke, -1);

    public void Joined(int step) => Note(RecoveryEvent.Joined, step);

    public void Evaluated(MetricReport report, SamplePicture? picture)
    {
    }

    public void Checkpointed(CheckpointManifest manifest)
    {
    }

    public void Warned(string message) => Console.Error.WriteLine(message);

    public void Dispose()
    {
        control.Abort();
        run?.Join();
        control.Dispose();
        listener.Dispose();
        Directory.Delete(runs, recursive: true);
    }

    private static TrialOrder OrderOf(string[] request)
    {
        long epoch = long.Parse(request[1], CultureInfo.InvariantCulture);
        byte[] secret = new byte[32];
        BitConverter.TryWriteBytes(secret, epoch);
        return new TrialOrder(
            new Lease(RecoveryTrial.Definition.Trial, epoch), RecoveryTrial.Definition, [.. request[4..].Select(MemberOf)],
            int.Parse(request[2], CultureInfo.InvariantCulture), secret, [], Forced: bool.Parse(request[3]));
    }

    private static GangMember MemberOf(string text)
    {
        int[] numbers = [.. text.Split(':').Select(number => int.Parse(number, CultureInfo.InvariantCulture))];
        return new GangMember(new WorkerId($"worker-{numbers[0]}"), "127.0.0.1", numbers[0], numbers[1]);
    }

    private string Obey(TrialOrder order)
    {
        if (run is not null)
        {
            control.Regroup(order);
            return "";
        }

        run = new Thread(() => Run(order)) { IsBackground = true };
        run.Start();
        return "";
    }

    private void Run(TrialOrder order)
    {
        var runner = new TorchTrialRunner(
            new RunnerOptions { RunsDirectory = runs, Device = "cpu", Listener = listener }, new RecoveryTrial(), new EveryStep());
        try
        {
            Console.Error.WriteLine(runner.Run(order, this, control));
        }
        catch (OperationCanceledException)
        {
            // The benchmark is over.
        }

        Note(RecoveryEvent.Ended, -1);
    }

    private void Note(string what, int step)
    {
        lock (events)
            events.Add(new(what, step, (double)Stopwatch.GetTimestamp() / Stopwatch.Frequency));
    }

    private string EventsFrom(int first)
    {
        lock (events)
            return string.Join('\t', events.Skip(first));
    }

    /// <summary>A clock on which a second passes at every look, so that the run tells of every step.</summary>
    private sealed class EveryStep : TimeProvider
    {
        private long looks;

        public override long GetTimestamp() => Interlocked.Add(ref looks, TimestampFrequency);
    }
}
