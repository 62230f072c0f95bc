using GenCluster.Cli.CommandLine;
using GenCluster.Cli.Runs;

namespace GenCluster.Cli.Validation;

/// <summary>Validates: good files to standard output, mistakes to standard error.</summary>
internal static class Validation
{
    public static int Run(ValidateSettings settings, CliPorts ports)
    {
        bool good = true;
        foreach (string file in settings.Files)
        {
            if (SweepFiles.Load(file, ports.Error) is null)
                good = false;
            else
                ports.Out.WriteLine($"{file}: ok");
        }

        return good ? ExitCode.Done : ExitCode.WrongInput;
    }
}
