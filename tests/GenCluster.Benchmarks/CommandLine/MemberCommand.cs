using System.Globalization;
using GenCluster.Benchmarks.AllReduce;
using GenCluster.Benchmarks.Crews;
using GenCluster.Benchmarks.Idle;
using GenCluster.Benchmarks.Recovery;
using GenCluster.Benchmarks.Scale;
using GenCluster.Benchmarks.Throughput;
using GenCluster.Benchmarks.Training;
using GenCluster.Collectives.Gangs;

namespace GenCluster.Benchmarks.CommandLine;

/// <summary>This program as one process of a <see cref="Crew"/>: <c>member ROLE SOCKET MEMBER CORE ...</c>. Not for people.</summary>
internal static class MemberCommand
{
    public const string Name = "member";

    public static async Task<int> RunAsync(string[] args)
    {
        switch (args)
        {
            case [IdleWorkers.Role, var coordinator, var count]:
                await IdleWorkers.RunAsync(coordinator, Number(count));
                return 0;
            case [ScaleHost.Role, var database, var step]:
                await ScaleHost.RunAsync(database, double.Parse(step, CultureInfo.InvariantCulture));
                return 0;
            case [ThroughputHost.Role, var journal, var trials, var eventsToLive, var weighs]:
                await ThroughputHost.RunAsync(journal, Number(trials), Number(eventsToLive), bool.Parse(weighs));
                return 0;
            default:
                return Run(args);
        }
    }

    private static int Run(string[] args)
    {
        using var line = new CrewLine(args[1], Number(args[2]));
        Cores.Pin(Number(args[3]));
        try
        {
            switch (args[0])
            {
                case "gang":
                    GangMember.Serve(line, Number(args[4]), Enum.Parse<Transport>(args[5]));
                    break;
                case "raw":
                    RawLoopback.Serve(line);
                    break;
                case "train":
                    TrainingMember.ServeOwn(line, Number(args[4]), Number(args[5]), Enum.Parse<Transport>(args[6]));
                    break;
                case "worker":
                    RecoveryWorker.Serve(line);
                    break;
                case "plain":
                    TrainingMember.ServePlain(line, Number(args[4]));
                    break;
                default:
                    throw new BenchmarkException($"there is no role '{args[0]}'");
            }

            return 0;
        }
        catch (Exception e)
        {
            line.Fail(e);
            return 1;
        }
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
