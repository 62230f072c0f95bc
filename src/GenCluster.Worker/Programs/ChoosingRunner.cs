using GenCluster.Core.Training;
using GenCluster.Core.Trials;

namespace GenCluster.Worker.Programs;

/// <summary>Chooses by the definition: a program, or a model of the zoo.</summary>
internal sealed class ChoosingRunner(ITrialRunner programs, ITrialRunner models) : ITrialRunner
{
    public RunOutcome Run(TrialOrder order, ITrialObserver observer, RunControl control) =>
        (order.Definition.Command is null ? models : programs).Run(order, observer, control);
}

/// <summary>A worker that was started without libtorch.</summary>
internal sealed class NoModels : ITrialRunner
{
    public RunOutcome Run(TrialOrder order, ITrialObserver observer, RunControl control) => new RunOutcome.Broken(
        FailureClass.Hardware, $"this worker runs programs only and cannot train '{order.Definition.Model}'; start it without --programs-only");
}
