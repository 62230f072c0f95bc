using GenCluster.Collectives.Gangs;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Training;
using GenCluster.Training.Checkpoints;
using GenCluster.Training.Elastic;
using GenCluster.Training.Loop;
using GenCluster.Training.Metering;

namespace GenCluster.Training.Runner;

/// <summary>Trains with one gang, until the trial is done, drained, or the gang changes.</summary>
internal sealed class TrialLoop(
    TrialOrder order, TrainingState state, Trainer trainer, IGang gang, StateDesk desk, LeaderDuties? leader,
    ITrialObserver observer, RunControl control, TimeProvider clock, StepMeter steps)
{
    private readonly TrainingSpec training = order.Definition.Training;
    private readonly ProgressMeter meter = new(observer, clock, trainer.Clock, gang, state.Step, order.Definition.Training.Steps);

    /// <summary>Where all members stop.</summary>
    private int LastStep => order.Until ?? training.Steps;

    /// <returns>The outcome; null when the trial is another member's to conclude, or goes on with another gang.</returns>
    public RunOutcome? Run()
    {
        if (gang.Plan.Members == 1)
            state.Votes |= MyVotes(state.Step); // nobody else has to agree
        while (true)
        {
            desk.ServeFollowers();
            if (trainer.EvaluationIsDue)
                Evaluate();
            if (state.Position.Operation == 1)
                leader?.AfterStep();
            if (state.Position.Operation == 1 && (state.Step == LastStep || state.Votes != Votes.None))
                return Conclude();
            Train();
        }
    }

    private void Evaluate()
    {
        var (position, phase) = (state.Position, trainer.PhaseInHand);
        trainer.Share(leader?.Evaluate());
        desk.Publish(position, phase);
    }

    /// <summary>One update.</summary>
    private void Train()
    {
        var (position, phase) = (state.Position, trainer.PhaseInHand);
        control.Pulse.Work();
        var result = trainer.Update(MyVotes(state.Step + 1), control.Aborted);
        control.Pulse.Rest();
        desk.Publish(position, phase);
        if (result is null)
            return;
        steps.Note(result);
        meter.Note(result);
    }

    /// <summary>What this member asks for when <paramref name="step"/> steps are finished. A drain cannot wait; a change waits until the trial can be handed on.</summary>
    private Votes MyVotes(int step)
    {
        bool mayChange = control.PendingOrder is not null && training.CanBeHandedOn(new Position(step, 1));
        return (control.DrainRequested ? Votes.Drain : Votes.None) | (mayChange ? Votes.Change : Votes.None);
    }

    private RunOutcome? Conclude()
    {
        bool rests = state.Step == LastStep, drains = state.Votes.HasFlag(Votes.Drain);
        if (leader is null || (!rests && !drains))
            return null;
        bool done = state.Step == training.Steps || (drains && control.FinishRequested);
        if (rests || training.CanBeHandedOn(state.Position))
            leader.Checkpoint(); // a milestone ends the run, so whatever codes leave out ends there for every gang alike
        if (!done)
            return new RunOutcome.Drained(rests ? state.Step : training.LastHandover(state.Step));
        leader.Finish();
        return new RunOutcome.Completed(state.Step, WeightsFile.Sha256(state));
    }
}
