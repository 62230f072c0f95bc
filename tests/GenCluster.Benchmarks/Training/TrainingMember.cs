using System.Globalization;
using System.Net;
using GenCluster.Benchmarks.Crews;
using GenCluster.Collectives.Gangs;
using GenCluster.Collectives.Tree;
using GenCluster.Training.Native;

namespace GenCluster.Benchmarks.Training;

/// <summary>A process that trains. Answers <c>step COUNT</c> and <c>optimizer COUNT</c>.</summary>
internal static class TrainingMember
{
    public static void ServePlain(CrewLine line, int batch)
    {
        TorchSharp.torch.set_num_threads(1);
        using var training = new PlainTraining(batch);
        line.Meet("");
        Serve(line, training);
    }

    public static void ServeOwn(CrewLine line, int batch, int members, Transport transport)
    {
        NativeTorch.Load();
        TorchSharp.torch.set_num_threads(1);
        using var listener = new GangListener(IPAddress.Loopback);
        string[] ports = line.Meet($"{listener.EndPoint.Port}");
        using var training = new OwnTraining(batch, members, state => BenchmarkGang.Join(
            line.Member, ports, GangPlan.Even(members, members, state.Vectors), state.Memory, listener, transport));
        Serve(line, training);
    }

    private static void Serve(CrewLine line, ITraining training) => line.Serve(request =>
    {
        Action action = request[0] == "step" ? training.Step : training.Optimize;
        int count = int.Parse(request[1], CultureInfo.InvariantCulture);
        var stamps = new Stamps(count);
        for (int i = 0; i < count; i++)
        {
            stamps.Begin();
            action();
            stamps.End();
        }

        return stamps.Answer();
    });
}
