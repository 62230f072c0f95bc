using GenCluster.Cli.CommandLine;
using GenCluster.Cli.Runs;
using GenCluster.Search;
using GenCluster.Search.Planning;

namespace GenCluster.Cli.Planning;

/// <summary>Plans: the same search that a run would do, without running it.</summary>
internal static class Plan
{
    public static int Run(PlanSettings settings, CliPorts ports)
    {
        if (SweepFiles.Load(settings.File, ports.Error) is not { } spec)
            return ExitCode.WrongInput;
        var sampler = Samplers.Find(spec.Search.Algorithm)!; // checked with the file
        var plan = SweepPlanner.Plan(spec, sampler, settings.First);
        if (settings.Output is OutputFormat.Json)
            PlanJson.Write(spec, plan, ports.Out);
        else
            PlanText.Write(spec, plan, ports.Out);
        return ExitCode.Done;
    }
}
