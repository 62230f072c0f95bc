using GenCluster.Core.Checkpoints;
using GenCluster.Core.Identity;
using GenCluster.Core.Placement;
using GenCluster.Core.Training;
using GenCluster.Core.Trials;
using MessagePack;

namespace GenCluster.Actors.Protocol;

/// <summary>What workers say to the coordinator.</summary>
public static class FromWorker
{
    /// <summary>The version of this protocol; both sides must have the same.</summary>
    public const int ProtocolVersion = 3;

    /// <summary>A worker asks to be known. Repeated until it is welcomed.</summary>
    /// <param name="Instance">Tells one start of the process from the next.</param>
    /// <param name="Device">For people: <c>cpu</c>, or the name of the GPU.</param>
    /// <param name="Host">Address of its data plane.</param>
    /// <param name="Held">The lease it is working under, if any.</param>
    /// <param name="Shared">The device memory that it may have to share with other workers of its host, if it was told of any.</param>
    /// <param name="Epoch">The highest epoch of a coordinator it has heard of; 0 for none.</param>
    [MessagePackObject]
    public sealed record Hello(
        [property: Key(0)] int Version,
        [property: Key(1)] WorkerId Worker,
        [property: Key(2)] Guid Instance,
        [property: Key(3)] string Device,
        [property: Key(4)] string Host,
        [property: Key(5)] int Port,
        [property: Key(6)] Lease? Held,
        [property: Key(7)] DeviceMemory? Shared,
        [property: Key(8)] long Epoch) : IWire;

    /// <summary>The worker is alive.</summary>
    /// <param name="Epoch">The highest epoch of a coordinator it has heard of.</param>
    /// <param name="Number">Of the beat; the answer has the same, so that the worker knows how old what it hears is.</param>
    [MessagePackObject]
    public sealed record Heartbeat(
        [property: Key(0)] WorkerId Worker,
        [property: Key(1)] Guid Instance,
        [property: Key(2)] Lease? Held,
        [property: Key(3)] long Epoch,
        [property: Key(4)] long Number = 0) : IWire;

    /// <summary>The worker will leave as soon as it is relieved of its run.</summary>
    [MessagePackObject]
    public sealed record Goodbye([property: Key(0)] WorkerId Worker, [property: Key(1)] Guid Instance) : IWire;

    /// <summary>The gang is complete, the state is ready and training goes on after this step. Lossy.</summary>
    [MessagePackObject]
    public sealed record RunStarted([property: Key(0)] Lease Lease, [property: Key(1)] int Step) : ILeaseMessage;

    /// <summary>How far a run is. Lossy.</summary>
    [MessagePackObject]
    public sealed record RunProgressed([property: Key(0)] Lease Lease, [property: Key(1)] StepProgress Progress) : ILeaseMessage;

    /// <summary>Samples to look at. Lossy.</summary>
    [MessagePackObject]
    public sealed record RunPictured([property: Key(0)] Lease Lease, [property: Key(1)] int Step, [property: Key(2)] SamplePicture Picture) : ILeaseMessage;

    /// <summary>Something a person should know. Lossy.</summary>
    [MessagePackObject]
    public sealed record RunWarned([property: Key(0)] Lease Lease, [property: Key(1)] string Message) : ILeaseMessage;

    /// <summary>Metrics of an evaluation. Sent again until acknowledged.</summary>
    [MessagePackObject]
    public sealed record EvaluationReported([property: Key(0)] Lease Lease, [property: Key(1)] MetricReport Report) : ILeaseMessage;

    /// <summary>The blobs of a checkpoint are stored. Sent again until acknowledged.</summary>
    [MessagePackObject]
    public sealed record CheckpointStored([property: Key(0)] Lease Lease, [property: Key(1)] CheckpointManifest Manifest) : ILeaseMessage;

    /// <summary>
    /// The gang of the lease broke through no fault of the speaker, who holds the state and waits for an order. Sent again
    /// until there is one.
    /// </summary>
    /// <param name="Blamed">The number of the member that cannot be reached; null when nobody knows.</param>
    [MessagePackObject]
    public sealed record GangBroke([property: Key(0)] Lease Lease, [property: Key(1)] int? Blamed, [property: Key(2)] string Message) : ILeaseMessage;

    /// <summary>A joiner holds the state after this step. Sent again until it is a member.</summary>
    [MessagePackObject]
    public sealed record JoinerReady([property: Key(0)] Lease Lease, [property: Key(1)] int Step) : ILeaseMessage;

    /// <summary>How fast the speaker is. Lossy.</summary>
    [MessagePackObject]
    public sealed record MemberMeasured([property: Key(0)] Lease Lease, [property: Key(1)] MemberMeasure Measure) : ILeaseMessage;

    /// <summary>A member's run came to an end. Sent again until acknowledged.</summary>
    /// <param name="Member">Its number; -1 for a joiner.</param>
    [MessagePackObject]
    public sealed record RunEnded([property: Key(0)] Lease Lease, [property: Key(1)] int Member, [property: Key(2)] RunOutcome Outcome) : ILeaseMessage;
}
