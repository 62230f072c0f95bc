using GenCluster.Benchmarks.Contenders;
using GenCluster.Benchmarks.Crews;
using GenCluster.Collectives.Gangs;
using GenCluster.Training.Native;

namespace GenCluster.Benchmarks.Training;

/// <summary>Starts those that train: one thread each, every member on a core of its own.</summary>
internal static class TrainingContenders
{
    public static string Versions(Python python) => $"libtorch of GenCluster and TorchSharp: {NativeTorch.Load().Version}; the peer: {python.Version}";

    public static Task<Crew> OwnAsync(string name, int batch, int members, Transport transport, CancellationToken cancellation) => Crew.StartAsync(
        name, members, path => Enumerable.Range(0, members).Select(member => OwnProcess.Command(
            "member", "train", path, $"{member}", $"{Cores.For(member, members)}", $"{batch}", $"{members}", $"{transport}")), cancellation);

    /// <summary>Alone, on the core that is given.</summary>
    public static Task<Crew> OwnAloneAsync(string name, int batch, int core, CancellationToken cancellation) => Crew.StartAsync(
        name, 1, path => [OwnProcess.Command("member", "train", path, "0", $"{core}", $"{batch}", "1", $"{Transport.Auto}")], cancellation);

    public static Task<Crew> PlainAsync(string name, int batch, CancellationToken cancellation) => Crew.StartAsync(
        name, 1, path =>
        {
            // TorchSharp finds libtorch by itself, without the settings that come with this project's way of loading it.
            var command = OwnProcess.Command("member", "plain", path, "0", $"{Cores.For(0, 1)}", $"{batch}");
            command.Environment["LD_LIBRARY_PATH"] = Path.Combine(AppContext.BaseDirectory, "libtorch");
            return [command];
        }, cancellation);

    public static Task<Crew> TorchAsync(string name, Python python, int batch, int members, CancellationToken cancellation)
    {
        string meeting = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}");
        return Crew.StartAsync(name, members, path => Enumerable.Range(0, members).Select(member => python.Command(
            "dcgan.py", path, $"{member}", $"{members}", $"{Cores.For(member, members)}", $"{batch}", meeting)), cancellation);
    }
}
