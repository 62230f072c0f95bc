using GenCluster.Benchmarks.Contenders;
using GenCluster.Benchmarks.Crews;
using GenCluster.Benchmarks.Measuring;
using GenCluster.Collectives.Gangs;

namespace GenCluster.Benchmarks.Training;

/// <summary>What a training step costs on one thread, beside plain TorchSharp on the same libtorch and the installed PyTorch.</summary>
internal sealed class StepBenchmark(int rounds, TextWriter progress)
{
    private const int Batch = 64, Steps = 2, Passes = 10;
    private const string Own = "GenCluster", Plain = "plain TorchSharp", Torch = "PyTorch";

    public async Task<Report> RunAsync(IReadOnlyList<string> machine, CancellationToken cancellation)
    {
        var python = await Python.WithTorchAsync(cancellation);
        await using var crews = new CrewSet();
        crews.Add(await TrainingContenders.OwnAsync(Own, Batch, 1, Transport.Auto, cancellation));
        crews.Add(await TrainingContenders.PlainAsync(Plain, Batch, cancellation));
        if (python.Interpreter is not null)
            crews.Add(await TrainingContenders.TorchAsync(Torch, python, Batch, 1, cancellation));

        var steps = await TurnTimes.TakeAsync(crews.All, rounds, $"step\t{Steps}", "steps", progress, cancellation);
        var passes = await TurnTimes.TakeAsync(crews.All, rounds, $"optimizer\t{Passes}", "optimizers", progress, cancellation);
        return new Report(
            "step",
            [
                .. machine,
                TrainingContenders.Versions(python),
                $"{rounds} interleaved rounds of {Steps} steps; one thread, all on the same core",
            ],
            [TableOf(crews, steps, passes)],
            [
                new Figure.AtLeast("step/plain-torchsharp", steps.Lead(Own, Plain), 1.05),
                .. python.Interpreter is null ? [new Figure.Skipped("step/pytorch", $"install with {Python.InstallTorch}")] : Array.Empty<Figure>(),
            ]);
    }

    private static Table TableOf(CrewSet crews, TurnTimes steps, TurnTimes passes)
    {
        var table = new Table(
            $"A step of DCGAN 32x32, batch {Batch}, one thread: milliseconds, median (p10-p90); and Adam alone over both networks' 6.1 million parameters.",
            "", "step", "images/s", "GenCluster is faster by", "Adam alone", "GenCluster is faster by");
        foreach (var crew in crews.All)
        {
            var step = steps.Milliseconds(crew.Name);
            table.Add(
                crew.Name, $"{step}", Distribution.Digits(Batch / step.Median * 1e3), Factor(steps, crew), $"{passes.Milliseconds(crew.Name)}", Factor(passes, crew));
        }

        return table;
    }

    private static string Factor(TurnTimes times, Crew crew) => crew.Name == Own ? "" : $"{Distribution.Digits(times.Lead(Own, crew.Name))}x";
}
