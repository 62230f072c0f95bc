using GenCluster.Configuration.Diagnostics;
using GenCluster.Configuration.Yaml;
using GenCluster.Core.Sweeps;

namespace GenCluster.Configuration.Importers.Determined;

/// <summary>The entry point of a Determined experiment: a command line, or in older files a class of Python.</summary>
internal static class DeterminedCommand
{
    public static CommandSpec Read(ForeignMap root, SweepDraft draft)
    {
        string[] arguments = root.Find("entrypoint") switch
        {
            ListNode list => [.. list.Items.OfType<ScalarNode>().Select(s => s.Text)],
            ScalarNode line => ShellWords.Split(line.Text),
            _ => [],
        };
        var environment = Environment(root, draft);
        if (arguments.Length == 0)
            draft.NothingToRun(root.Place, "entrypoint: missing, so nothing says what a trial runs; write trainable.command before you run the sweep");
        else if (arguments is [var only] && only.Contains(':', StringComparison.Ordinal))
            draft.NothingToRun(root.PlaceOf("entrypoint"), $"entrypoint: {Shown.Quoted(only)} is a class of Python and no program; write a script that trains it, and name it in trainable.command");
        else
            draft.Warn(root.PlaceOf("entrypoint"), "entrypoint: the program asks Determined for its hyperparameters; here they are in the environment, add ${args} to the command to have them on its line");
        return new CommandSpec(arguments, Environment: environment);
    }

    private static EnvironmentVariable[]? Environment(ForeignMap root, SweepDraft draft)
    {
        if (!root.Has("environment") || root.Find("environment") is not MapNode || root.Map("environment") is not { } environment)
            return null;
        environment.NotCarried("programs run on the machine of their worker; install there what the image holds", "image");
        var variables = new List<EnvironmentVariable>();
        var items = environment.Find("environment_variables") switch
        {
            ListNode list => list.Items,
            MapNode map => [.. map.Entries.Select(e => e.Value).OfType<ListNode>().SelectMany(l => l.Items)],
            _ => [],
        };
        foreach (var item in items.OfType<ScalarNode>())
        {
            int equals = item.Text.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0)
                variables.Add(new EnvironmentVariable(item.Text[..equals], item.Text[(equals + 1)..]));
            else
                draft.NotCarried(item.Place, "a variable of the environment", "it has no value; set it where workers are started");
        }

        environment.RestIsNotCarried("it is a matter of the machines that workers run on");
        return variables.Count > 0 ? [.. variables] : null;
    }
}
