using System.Diagnostics;

namespace GenCluster.Benchmarks.Crews;

/// <summary>Starts this program once more.</summary>
internal static class OwnProcess
{
    public static ProcessStartInfo Command(params IEnumerable<string> arguments)
    {
        string program = Environment.ProcessPath!;
        bool byHost = Path.GetFileNameWithoutExtension(program) == "dotnet";
        return new ProcessStartInfo(program, byHost ? [typeof(OwnProcess).Assembly.Location, .. arguments] : arguments);
    }
}
