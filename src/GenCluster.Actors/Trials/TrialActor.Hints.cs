using Akka.Actor;
using GenCluster.Actors.Protocol;
using GenCluster.Core.Gangs;
using GenCluster.Core.Identity;
using GenCluster.Core.Training;
using GenCluster.Core.Trials;

namespace GenCluster.Actors.Trials;

/// <summary>What members and joiners say of themselves and of each other.</summary>
internal sealed partial class TrialActor
{
    private readonly HashSet<WorkerId> stumbled = []; // joiners that had to begin again

    /// <summary>The worker that sent the message at hand; null when it is none of ours.</summary>
    private WorkerId? Speaker => contacts.Values.FirstOrDefault(c => c.Ref.Equals(Sender))?.Worker;

    /// <summary>A member trains under the lease in force, so the gang is complete, and nobody needs those who left it.</summary>
    private void Hear(int step)
    {
        if (Speaker is not { } speaker || !State.Gang.Contains(speaker))
            return;
        roster = roster!.Heard(speaker, step);
        if (leavers.Count > 0)
        {
            foreach (var leaver in leavers.ToArray())
                Dismiss(leaver, unfit: false);
            TellSparing();
        }

        Show();
        Act();
    }

    private void Break(FromWorker.GangBroke message)
    {
        if (Speaker is not { } speaker)
            return;
        if (!State.Gang.Contains(speaker))
        {
            var stuck = new JoinerIsStuck(speaker, State.Epoch);
            Timers.StartSingleTimer(stuck, stuck, GangRoster.BreakTime); // it may have been fed by one that is lost
            return;
        }

        WorkerId? blamed = message.Blamed is { } number && number < State.Gang.Length ? State.Gang[number] : null;
        if (blamed is { } whom)
            coordinator.Tell(new Local.MemberBlamed(whom));
        roster = roster!.Broke(speaker, blamed, message.Message, Now);
        Act();
    }

    /// <summary>A joiner lost whoever fed it with the state, and the gang is still the same: it is to begin again, once.</summary>
    private void BeginAgain(JoinerIsStuck stuck)
    {
        if (stuck.Epoch != State.Epoch || roster?.Joiners.Contains(stuck.Joiner) is not true)
            return;
        roster = roster.Lost(stuck.Joiner, FailureClass.Lost, "");
        Dismiss(stuck.Joiner, unfit: !stumbled.Add(stuck.Joiner));
        Show();
    }

    private void Prepare()
    {
        if (Speaker is { } speaker)
            roster = roster!.Ready(speaker, Now);
        Act();
    }

    private void Measure(FromWorker.MemberMeasured message)
    {
        if (Speaker is not { } speaker || !State.Gang.Contains(speaker))
            return;
        if (stragglers.Note(speaker, message.Measure, Now) is { } alert)
            Notify(alert);
        Show();
        Act();
    }

    /// <summary>A run ended by a failure: of the definition, or of one worker.</summary>
    private void Fail(FromWorker.RunEnded message, RunOutcome.Broken broken)
    {
        var sender = Sender;
        void Acknowledge() => sender.Tell(new ToWorker.OutcomeAccepted(message.Lease));
        if (message.Member >= 0 && broken.Failure is FailureClass.UserError or FailureClass.NonFinite)
        {
            WorkerId? culprit = message.Member < State.Gang.Length ? State.Gang[message.Member] : null;
            EndNow(broken.Failure, broken.Message, culprit, Acknowledge); // the same would come again on every worker
        }
        else if (message.Member >= 0 && message.Member < State.Gang.Length)
        {
            var member = State.Gang[message.Member];
            if (!roster!.IsLost(member)) // said again until it is acknowledged
                coordinator.Tell(new Local.MemberFailed(trial, member, broken.Failure));
            roster = roster.Lost(
                member, broken.Failure, State.Gang.Length == 1 || NamesItself(member, broken) ? broken.Message : $"{member}: {broken.Message}",
                isEcho: broken.Failure is FailureClass.Lost && !NamesItself(member, broken));
            Act(Acknowledge);
        }
        else
        {
            Acknowledge();
            if (Speaker is not { } joiner || State.Gang.Contains(joiner))
                return;
            Notify($"{joiner} could not join: {broken.Message}");
            coordinator.Tell(new Local.MemberFailed(trial, joiner, broken.Failure));
            roster = roster!.Lost(joiner, broken.Failure, broken.Message);
            Dismiss(joiner, unfit: true);
        }
    }

    private static bool NamesItself(WorkerId member, RunOutcome.Broken broken) => broken.Message.StartsWith($"{member} ", StringComparison.Ordinal);

    private void Finish(FromWorker.RunEnded message)
    {
        if (Speaker is { } speaker)
            roster = roster!.Finished(speaker);
        Sender.Tell(new ToWorker.OutcomeAccepted(message.Lease));
    }

    /// <summary>The leader says what makes no sense: its worker is not to be trusted.</summary>
    private void Distrust(string what)
    {
        var leader = State.Gang[0];
        roster = roster!.Lost(leader, FailureClass.Lost, $"{leader} {what}");
        Act();
    }

    private sealed record JoinerIsStuck(WorkerId Joiner, long Epoch) : ILocal;
}
