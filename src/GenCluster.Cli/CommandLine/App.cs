using System.CommandLine;
using System.CommandLine.Help;
using GenCluster.Cli.Certificates;
using GenCluster.Cli.Control;
using GenCluster.Cli.Doctor;
using GenCluster.Cli.Following;
using GenCluster.Cli.Importing;
using GenCluster.Cli.Planning;
using GenCluster.Cli.Replaying;
using GenCluster.Cli.Runs;
using GenCluster.Cli.Serving;
using GenCluster.Cli.Submission;
using GenCluster.Cli.Support;
using GenCluster.Cli.Tokens;
using GenCluster.Cli.Validation;

namespace GenCluster.Cli.CommandLine;

/// <summary>The <c>gencluster</c> command: parses, runs, and turns every expected failure into one sentence and an exit code.</summary>
public static class App
{
    public static async Task<int> RunAsync(IReadOnlyList<string> args, CliPorts ports)
    {
        var parsed = Root(ports).Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (UsageErrors.Of(parsed) is { Count: > 0 } errors)
        {
            foreach (string error in errors)
                ports.Error.WriteLine($"gencluster: {error}");
            ports.Error.WriteLine($"Try '{UsageErrors.HelpLine(parsed)}'.");
            return ExitCode.WrongInput;
        }

        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration
            {
                Output = ports.Out,
                Error = ports.Error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null, // signals are the run's own business
            });
        }
        catch (CliException failure)
        {
            ports.Error.WriteLine($"gencluster: {failure.Message}");
            return failure.ExitCode;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            ports.Error.WriteLine($"gencluster: {failure.Message}");
            return ExitCode.Failed;
        }
        catch (Exception failure)
        {
            ports.Error.WriteLine($"gencluster: this is a defect, please report it: {failure}");
            return ExitCode.Failed;
        }
    }

    /// <summary>The whole tree of commands.</summary>
    public static RootCommand Root(CliPorts ports)
    {
        var root = new GenClusterCommand(ports) { new RunCommand(ports), new ValidateCommand(ports), new PlanCommand(ports), new ServeCommand(ports), new MigrateCommand(ports) };
        root.Add(new SchemaCommand(ports));
        root.Add(new ImportCommand(ports));
        root.Add(new SubmitCommand(ports));
        root.Add(new ListCommand(ports));
        root.Add(new ShowCommand(ports));
        root.Add(new WatchCommand(ports));
        foreach (var verb in ControlCommand.All(ports))
            root.Add(verb);
        root.Add(new RetryCommand(ports));
        root.Add(new EditCommand(ports));
        root.Add(new ExplainCommand(ports));
        root.Add(new DoctorCommand(ports));
        root.Add(new ReplayCommand(ports));
        root.Add(new SupportBundleCommand(ports));
        root.Add(new TokenCommand(ports));
        root.Add(new HealthCommand(ports));
        root.Add(new CertificatesCommand(ports));
        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new TeachingHelp((HelpAction)help.Action!);
        root.Options.OfType<VersionOption>().Single().Action = new VersionAction();
        return root;
    }
}
