using Akka.Actor;
using GenCluster.Actors.Protocol;
using GenCluster.Core.Checkpoints;
using GenCluster.Core.Identity;
using GenCluster.Core.Training;
using GenCluster.Core.Trials;

namespace GenCluster.Actors.Workers;

/// <summary>
/// Turns the runner's calls into messages, from whatever thread they come. Each is said under the lease of the order that
/// the run goes by at that moment.
/// </summary>
internal sealed class Voice(RunThread run, IActorRef worker) : ITrialObserver
{
    private Lease Lease => run.LeaseInForce;

    public void Started(int step) => Say(new FromWorker.RunStarted(Lease, step), lossy: true);

    public void Progressed(StepProgress progress) => Say(new FromWorker.RunProgressed(Lease, progress), lossy: true);

    public void Evaluated(MetricReport report, SamplePicture? picture)
    {
        Say(new FromWorker.EvaluationReported(Lease, report), lossy: false);
        if (picture is not null)
            Say(new FromWorker.RunPictured(Lease, report.Step, picture), lossy: true);
    }

    public void Checkpointed(CheckpointManifest manifest) => Say(new FromWorker.CheckpointStored(Lease, manifest), lossy: false);

    public void Warned(string message) => Say(new FromWorker.RunWarned(Lease, Talk.Plain(message)), lossy: true);

    public void GangBroke(int? peer, string message) => Say(new FromWorker.GangBroke(Lease, peer, Talk.Plain(message)), lossy: false);

    public void Joined(int step) => Say(new FromWorker.JoinerReady(Lease, step), lossy: false);

    public void Measured(MemberMeasure measure) => Say(new FromWorker.MemberMeasured(Lease, measure), lossy: true);

    private void Say(ILeaseMessage message, bool lossy) => worker.Tell(new Said(message, lossy));

    /// <summary>What a run has to say.</summary>
    /// <param name="Lossy">Whether it is said once only; else until it is acknowledged.</param>
    internal sealed record Said(ILeaseMessage Message, bool Lossy) : ILocal;
}
