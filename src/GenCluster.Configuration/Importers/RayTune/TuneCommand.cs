using GenCluster.Configuration.Diagnostics;
using GenCluster.Configuration.Yaml;
using GenCluster.Core.Sweeps;

namespace GenCluster.Configuration.Importers.RayTune;

/// <summary>What a trial runs: in Ray a class or function of Python, which only a script can be made of.</summary>
internal static class TuneCommand
{
    private static readonly string[] Script = ["${env}", "${interpreter}", "${program}", "${args}"];

    public static void Read(ForeignMap experiment, SweepDraft draft)
    {
        if ((experiment.Find("command") ?? experiment.Find("entrypoint")) is { } line)
        {
            draft.Command = new CommandSpec(line switch
            {
                ListNode list => [.. list.Items.OfType<ScalarNode>().Select(s => s.Text)],
                ScalarNode text => ShellWords.Split(text.Text),
                _ => [],
            });
            return;
        }

        string? trainable = experiment.Text("run") ?? experiment.Text("trainable") ?? experiment.Text("program") ?? experiment.Text("script");
        bool isScript = trainable is not null && trainable.EndsWith(".py", StringComparison.Ordinal);
        draft.Command = new CommandSpec(Script, isScript ? trainable : null);
        if (!isScript)
        {
            draft.NothingToRun(experiment.Place, trainable is null
                ? "nothing says what a trial runs; write trainable.command before you run the sweep"
                : $"{Shown.Quoted(trainable)} is a class of Python and no program; write a script that trains it with the parameters of its command line, and name it in trainable.program");
        }
    }
}
