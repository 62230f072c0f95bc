using GenCluster.Benchmarks.Contenders;
using GenCluster.Benchmarks.Crews;
using GenCluster.Benchmarks.Measuring;
using GenCluster.Collectives.Gangs;

namespace GenCluster.Benchmarks.Training;

/// <summary>
/// What is left of a process's speed when two train together, the same number of images each. Two that train apart at the
/// same time show how much of the rest is the machine's own: they share memory and cache, and exchange nothing.
/// </summary>
internal sealed class ScalingBenchmark(int rounds, TextWriter progress)
{
    private const string Alone = "GenCluster, 1 process";
    private const string Apart = "GenCluster, 2 apart";
    private const string Shared = "GenCluster, 2 over shared memory";
    private const string Tcp = "GenCluster, 2 over TCP";
    private const string TorchAlone = "PyTorch, 1 process";
    private const string Ddp = "PyTorch DDP, 2 over Gloo";

    public async Task<Report> RunAsync(IReadOnlyList<string> machine, CancellationToken cancellation)
    {
        var python = await Python.WithTorchAsync(cancellation);
        string before = CoreDistance.Describe();
        var (tables, figures) = (new List<Table>(), new List<Figure>());
        foreach (var (batch, steps, goal) in new[] { (64, 2, 0.95), (8, 10, 0.87) })
        {
            var times = await TakeAsync(python, batch, steps, cancellation);
            tables.Add(TableOf(times, batch, python));
            figures.Add(new Figure.AtLeast($"scaling/batch-{batch}/shm", times.Lead(Shared, Alone), goal));
        }

        if (python.Interpreter is null)
            figures.Add(new Figure.Skipped("scaling/ddp", $"install with {Python.InstallTorch}"));
        return new Report(
            "scaling",
            [
                .. machine,
                $"{TrainingContenders.Versions(python)}; {Machine.CongestionControl()}",
                $"{rounds} interleaved rounds; one thread a process, each on a core of its own",
                $"a cache line went from core to core and back in {before} before, {CoreDistance.Describe()} after",
            ],
            tables, figures);
    }

    private async Task<TurnTimes> TakeAsync(Python python, int batch, int steps, CancellationToken cancellation)
    {
        await using var crews = new CrewSet();
        var alone = crews.Add(await TrainingContenders.OwnAloneAsync(Alone, batch, core: 0, cancellation));
        var other = crews.Add(await TrainingContenders.OwnAloneAsync(Apart, batch, core: 1, cancellation));
        List<(string Name, Crew[] Crews)> turns =
        [
            (Alone, [alone]),
            (Apart, [alone, other]),
            (Shared, [crews.Add(await TrainingContenders.OwnAsync(Shared, batch, 2, Transport.SharedMemory, cancellation))]),
            (Tcp, [crews.Add(await TrainingContenders.OwnAsync(Tcp, batch, 2, Transport.Tcp, cancellation))]),
        ];
        if (python.Interpreter is not null)
        {
            turns.Add((TorchAlone, [crews.Add(await TrainingContenders.TorchAsync(TorchAlone, python, batch, 1, cancellation))]));
            turns.Add((Ddp, [crews.Add(await TrainingContenders.TorchAsync(Ddp, python, batch, 2, cancellation))]));
        }

        return await TurnTimes.TakeAsync(turns, rounds, $"step\t{steps}", $"batch {batch}", progress, cancellation);
    }

    private static Table TableOf(TurnTimes times, int batch, Python python)
    {
        var table = new Table(
            $"DCGAN 32x32, {batch} images a member: milliseconds a step, median (p10-p90); efficiency is the speed of a member beside that of one process.",
            "", "step", "images/s of all", "efficiency");
        Add(Alone, Alone, 1);
        Add(Apart, Alone, 2);
        Add(Shared, Alone, 2);
        Add(Tcp, Alone, 2);
        if (python.Interpreter is not null)
        {
            Add(TorchAlone, TorchAlone, 1);
            Add(Ddp, TorchAlone, 2);
        }

        return table;

        void Add(string name, string one, int members)
        {
            var step = times.Milliseconds(name);
            table.Add(name, $"{step}", Distribution.Digits(members * batch / step.Median * 1e3), name == one ? "" : Distribution.Digits(times.Lead(name, one)));
        }
    }
}
