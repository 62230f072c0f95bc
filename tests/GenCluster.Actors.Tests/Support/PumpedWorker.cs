using Akka.Actor;
using GenCluster.Actors.Protocol;
using GenCluster.Core.Identity;
using GenCluster.Core.Training;
using GenCluster.Core.Trials;

namespace GenCluster.Actors.Tests.Support;

/// <summary>A worker that trains as far as it is told, and says again what it has said when a coordinator is new.</summary>
internal sealed class PumpedWorker : ReceiveActor
{
    private readonly List<ILeaseMessage> said = [];
    private ICanTell coordinator = ActorRefs.Nobody;
    private TrialOrder? order;
    private int step;

    public PumpedWorker(string name, Guid instance, Action<WorkerId, Lease?> shows)
    {
        var worker = new WorkerId(name);
        Receive<Attach>(m =>
        {
            coordinator = m.Coordinator;
            coordinator.Tell(new FromWorker.Hello(FromWorker.ProtocolVersion, worker, instance, "cpu", "127.0.0.1", 1, order?.Lease, null, 0), Self);
        });
        Receive<ToWorker.Welcome>(_ =>
        {
            coordinator.Tell(new FromWorker.Heartbeat(worker, instance, order?.Lease, 0), Self);
            SayAll();
        });
        Receive<ToWorker.RunTrial>(m =>
        {
            if (m.Order.Lease.Trial != order?.Lease.Trial)
                (step, _) = (m.Order.Checkpoints is [var newest, ..] ? newest.Step : 0, 0);
            order = m.Order;
            shows(worker, order.Lease);
        });
        Receive<ToWorker.StopRun>(m => Forget(m.Lease));
        Receive<ToWorker.LeaseOver>(m => Forget(m.Lease));
        Receive<ToWorker.ReportAccepted>(m => Heard<FromWorker.EvaluationReported>(r => r.Report.Step == m.Step));
        Receive<ToWorker.CheckpointAccepted>(m => Heard<FromWorker.CheckpointStored>(r => r.Manifest.Step == m.Step));
        Receive<ToWorker.OutcomeAccepted>(m =>
        {
            Heard<FromWorker.RunEnded>(r => r.Lease == m.Lease);
            Forget(m.Lease);
        });
        Receive<Train>(m => Go(m.ObjectiveAt));

        void Forget(Lease lease)
        {
            if (order?.Lease != lease)
                return;
            order = null;
            said.Clear();
            shows(worker, null);
        }
    }

    /// <summary>To the next evaluation; at the end, or at a milestone, stores what there is and ends.</summary>
    private void Go(Func<int, double> objectiveAt)
    {
        var training = order!.Definition.Training;
        step += training.EvaluateEvery;
        said.Add(new FromWorker.EvaluationReported(order.Lease, new MetricReport(step, [new Metric("swd", objectiveAt(step))])));
        if (step == training.Steps || step == order.Until)
            said.Add(new FromWorker.CheckpointStored(order.Lease, ScriptedRunner.ManifestAt(step)));
        if (step == training.Steps)
            said.Add(new FromWorker.RunEnded(order.Lease, 0, new RunOutcome.Completed(step, $"{order.Lease.Trial.Number:x64}")));
        SayAll();
    }

    private void SayAll()
    {
        if (said is [var first, ..])
            coordinator.Tell(first, Self);
    }

    private void Heard<T>(Predicate<T> which)
    {
        said.RemoveAll(m => m is T known && which(known));
        SayAll();
    }

    internal sealed record Attach(ICanTell Coordinator) : ILocal;

    internal sealed record Train(Func<int, double> ObjectiveAt) : ILocal;
}
